"""Doors, the ways into the emulator: WSGI, socket server, nodes and connections of clients, ``responses``, pytest."""
