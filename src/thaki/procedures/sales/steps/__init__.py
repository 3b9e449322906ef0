"""The steps of Gestión de Ventas Digitales: one module a signed step or a natural pair."""
