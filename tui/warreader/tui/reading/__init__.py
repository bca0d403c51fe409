"""The article on the screen, without the screen: layout, layers of spans, motions.

Pure, so that it is easily tested.
"""
