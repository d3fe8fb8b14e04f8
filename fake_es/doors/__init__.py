"""Ways in: WSGI, a socket server, nodes and connections of the official clients, ``responses``, pytest."""
