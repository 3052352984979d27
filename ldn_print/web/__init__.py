"""The clinic desk: pages in a browser over the same functions as the command line."""
