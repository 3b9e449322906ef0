"""Addresses of people, teams, policies and one's own profile."""

from django.urls import path

from thaki.people.views import gallery, own, policies, users

app_name = "people"
urlpatterns = [
    path("inicio/", own.start, name="start"),
    path("perfil/", own.profile, name="profile"),
    path("perfil/ausencias/<int:pk>/retirar/", own.remove_absence, name="remove_absence"),
    path("preferencias/", own.preferences, name="preferences"),
    path("personas/", users.user_list, name="users"),
    path("personas/nueva/", users.user_new, name="user_new"),
    path("personas/<int:pk>/", users.user_edit, name="user_edit"),
    path("personas/<int:pk>/ingreso/", users.user_state, name="user_state"),
    path("personas/<int:pk>/clave/", users.user_reset, name="user_reset"),
    path("personas/<int:pk>/segundo-factor/", users.user_second_factor, name="user_second_factor"),
    path("personas/<int:pk>/invitar/", users.user_invite, name="user_invite"),
    path("equipos/", users.team_list, name="teams"),
    path("equipos/nuevo/", users.team_edit, name="team_new"),
    path("equipos/<int:pk>/", users.team_edit, name="team_edit"),
    path("galeria/", gallery.gallery, name="gallery"),
    path("politicas/", policies.policy_list, name="policies"),
    path("politicas/<str:code>/", policies.policy_page, name="policy"),
    path("politicas/<str:code>/cambiar/", policies.policy_change, name="policy_change"),
    path("politicas/<str:code>/quitar-previsto/", policies.policy_unplan, name="policy_unplan"),
]
