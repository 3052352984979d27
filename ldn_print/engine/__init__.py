"""The room of the layout engine: nothing outside it imports WeasyPrint.

`load` brings the engine in, `tagging` mends its tag tree, `whole_text` its lines of Thai, `assets` is the only
source it reads from, `fonts` decides which fonts it sees.
"""
