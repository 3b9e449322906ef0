"""The two reports of Gestión de Ventas Digitales: the requests not served (19) and the Informe General (26)."""
