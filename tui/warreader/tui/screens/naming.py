"""A name and what is done with it: its card, where it leads, and the reader's word on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from warreader.index.api import Entity, Label, query_for
from warreader.tui.threads import in_thread
from warreader.tui.widgets.entity_pane import KINDS, EntityScope
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.index.api import Form, Listed, Saying
    from warreader.tui.screens.entity_card import Subject, Wish
    from warreader.tui.screens.reader import ReaderScreen


class Naming:
    """What the key for a name does. Its screens are loaded when they are wanted."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen

    # the card

    def card(self) -> None:
        """Open the card of the name under the cursor, in the text or in the list of names."""
        from warreader.tui.screens.entity_card import EntityCard

        subject = self._subject()
        if subject is None:
            self._screen.say("no name under the cursor; 3 lists all of the article")
            return
        card = EntityCard(self._screen.library, self._screen.paint.theme, subject)
        self._screen.app.push_screen(card, partial(self._do, subject))

    def _subject(self) -> Subject | None:
        from warreader.tui.screens.entity_card import Subject

        screen = self._screen
        page, pane = screen.page, screen.entities
        if screen.active == "entities":
            if (entity := pane.entity) is None:
                return None
            here = pane.scope is EntityScope.ARTICLE and page is not None
            return Subject(entity.id, entity.name, pane.form, page.article.id if here and page else None)
        mention = page.mention_at(screen.view.cursor) if page is not None else None
        if mention is None or page is None:
            return None
        name = next((entity.name for entity in page.entities if entity.id == mention.entity), mention.text)
        return Subject(mention.entity, name, mention.text, page.article.id, mention.start)

    def _do(self, subject: Subject, wish: Wish | None) -> None:
        if wish is None:
            return
        library = self._screen.library

        def fetch() -> None:
            entity = library.entities.get(subject.entity)
            self._screen.app.call_from_thread(self._with, subject, wish, entity)

        in_thread(self._screen, fetch, group="naming", opens=True)

    def _with(self, subject: Subject, wish: Wish, entity: Entity | None) -> None:
        if entity is None:
            self._screen.say("this name is no longer in the library")
            return
        from warreader.index.api import Form

        form = Form(wish.form, wish.article, wish.start, subject.entity)
        actions: dict[str, Callable[[], None]] = {
            "articles": lambda: self._search(query_for(entity)),
            "with": lambda: self._together(entity),
            "said": lambda: self._said(entity),
            "rename": lambda: self._rename(entity),
            "kind": lambda: self._kind(entity),
            "merge": lambda: self._merge(entity),
            "pin": lambda: self._pin(entity, form),
            "split": lambda: self._split(entity, form),
            "ignore": lambda: self._store(lambda: self._screen.library.entity_corrections.ignore(form)),
        }
        actions[wish.action]()

    # where it leads

    def _search(self, query: str) -> None:
        screen = self._screen
        screen.focus_pane("articles")
        screen.articles.run(query)

    def _together(self, entity: Entity) -> None:
        def done(other: Listed | None) -> None:
            if other is not None:
                self._search(f"{query_for(entity)} {query_for(other)}")

        title = f"{entity.name} together with"
        self._choose(title, entity, done, companions_of=entity.id)

    def _said(self, entity: Entity) -> None:
        from warreader.tui.screens.choosing import Sayings

        screen = self._screen

        def done(saying: Saying | None) -> None:
            if saying is not None:
                screen.focus_pane("text")
                screen.travel.open(saying.article, at=saying.span.start)

        def fetch() -> None:
            found = screen.library.entities.pivots.sayings(entity.id)
            screen.app.call_from_thread(shown, found)

        def shown(found: list[Saying]) -> None:
            if found:
                screen.app.push_screen(Sayings(screen.library, entity.name, found), done)
            else:
                screen.say(f"nothing that {plain(entity.name, 40)} says is known")

        in_thread(screen, fetch, group="naming", opens=True)

    # the reader's word

    def _rename(self, entity: Entity) -> None:
        from warreader.tui.screens.prompt import Prompt

        def done(name: str | None) -> None:
            if name is not None:
                self._store(lambda: self._screen.library.entity_corrections.rename(entity.id, name))

        self._screen.app.push_screen(Prompt("Name", entity.name, anew=True), done)

    def _kind(self, entity: Entity) -> None:
        from warreader.tui.screens.picking import Picker

        rows = [
            (
                label.value,
                Content.assemble(
                    (f"{number} ", "bold"), title, ("  ● now" if label is entity.label else "", "dim")
                ),
            )
            for number, (label, title) in enumerate(KINDS.items())
        ]
        keys = {str(number): label.value for number, label in enumerate(KINDS)}

        def done(label: str | None) -> None:
            if label is not None and label != entity.label.value:
                self._store(lambda: self._screen.library.entity_corrections.set_kind(entity.id, Label(label)))

        title = f"What {plain(entity.name, 40)} is"
        self._screen.app.push_screen(Picker(title, rows, current=entity.label.value, keys=keys), done)

    def _merge(self, entity: Entity) -> None:
        def done(other: Listed | None) -> None:
            if other is not None:
                self._store(lambda: self._screen.library.entity_corrections.merge([entity.id], other.id))

        self._choose(f"{entity.name} is the same as", entity, done)

    def _pin(self, entity: Entity, form: Form) -> None:
        def done(other: Listed | None) -> None:
            if other is not None:
                self._store(lambda: self._screen.library.entity_corrections.pin(form, other.id))

        self._choose(f"“{form.form}” is", entity, done)

    def _split(self, entity: Entity, form: Form) -> None:
        from warreader.tui.screens.prompt import Prompt

        def done(name: str | None) -> None:
            if name is not None:
                self._store(lambda: self._screen.library.entity_corrections.split(form, name, entity.label))

        self._screen.app.push_screen(
            Prompt(f"“{form.form}” is a name of its own, called", form.form, anew=True), done
        )

    def _choose(
        self,
        title: str,
        entity: Entity,
        done: Callable[[Listed | None], None],
        *,
        companions_of: str | None = None,
    ) -> None:
        from warreader.tui.screens.choosing import EntityPicker

        words = entity.name.split()
        picker = EntityPicker(
            self._screen.library,
            self._screen.paint.theme,
            title,
            but=entity.id,
            label=entity.label,
            begin=words[-1][:4] if words else "",
            companions_of=companions_of,
            like=entity.name,
        )
        self._screen.app.push_screen(picker, done)

    def _store(self, rule: Callable[[], str]) -> None:
        """Rule, in a thread: it may touch thousands of articles, or wait for a run of adding."""
        self._screen.say("…")
        self._screen.gestures.write(rule, self._stored)

    def _stored(self, told: str) -> None:
        self._screen.correcting.changed()
        self._screen.entities.renew()
        self._screen.say(plain(f"{told} · u undoes", 160))
