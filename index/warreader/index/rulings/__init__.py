"""What the reader rules on derived things: that these two names are one person, that this match is none.

A ruling outranks what was derived, holds for what comes later, and outlives the library: it lives in
``annotations.sqlite``, in the same line of undo and redo as annotations. It has

- ``kind``: what it is about, ``entity``, ``match`` or ``quotation``;
- ``verb``: what is ruled (:data:`.model.VERBS` lists them, with the data each needs);
- ``data``: that data, as JSON; some of it says what the ruling is *about*. Two rulings of one kind and verb about
  the same thing have the same ``id``, here and in every other library: the later one stands.

Derived things are made anew, so data names them by what lasts: an article's id and a quote with its offsets
(a :func:`.model.place`), an entity's name and label; never by a row or by an id that derivation gives.

In short::

    made = library.rulings.put("match", "reject", words="rejected a match", places=[place, place])
    library.rulings.put("match", "reject", words="took a version out", places=[place, gone], out=gone)
    # the second: of several that match, ``gone`` leaves and the others stay together
    library.rulings.of("match")             # all that stand
    library.rulings.remove(made.id)         # a gesture like any other
    with library.annotations.gesture("..."):    # several at one stroke, one undo
        ...

Who follows rulings keeps, in ``library.sqlite``, those it has put into force: see :class:`.following.Following`.
:meth:`warreader.index.library.Library.follow` calls it after each gesture that changed rulings of its kind, undo and
redo and imports included, and with every update, for what other processes and restored backups changed.

A new verb is an entry in :data:`.model.VERBS`; whatever is stored or imported is checked against it.
"""
