"""Rehearsals: a scenario played by the operations, forms and permissions of the screens, in a transaction that is rolled back.

Nothing stays and nothing leaves: case numbers begin with REH-, effects are recorded instead of sent, documents go to a folder
that is thrown away, the clock is the scenario's own, and a row that somebody else holds is not waited for for long.
"""
