"""The steps of Evitar bajas (Retención): one module a signed step or a natural pair."""
