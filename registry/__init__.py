"""The project: settings, routes, servers, and the pages that join the apps."""
