"""What a page's gold body says of the lines of its renderings."""

from __future__ import annotations

from warreader.index.article import LineKind
from warreader.index.ingest.train_blocks import block_text, parsed
from warreader.index.ingest.train_gold import Gold

BODY = (
    "The ministry published on Monday the losses of both sides in the battle.\n"
    "The figures could not be checked by anybody, the governor said in the evening.\n"
    "Early days\nUnit\n1st\n120\n2nd\n240\n"
    "He gave the list to the press, and left without answering what was asked."
)
PAGE = f"""<html><head><title>Losses published on Monday - The Paper</title>
<meta name="description" content="Both sides lost more than was known, a list shows.">
<meta name="author" content="Jane Example"><meta property="article:published_time" content="2022-05-03T10:00:00Z">
</head><body><ul><li>World</li><li>Sport</li></ul><h1>Losses published on Monday</h1>
<p class="dek">Both sides lost more than was known, a list shows.</p><p>By Jane Example</p><p>3 May 2022</p>
<figure><figcaption>The ministry on Monday</figcaption></figure>
{"".join(f"<p>{line}</p>" for line in BODY.splitlines())}
<p>Share</p><p>Other news of the day, seen by John Other</p><p class="byline">John Other</p><p>1 May 2022</p>
</body></html>"""


def _kinds(text: str | None = None) -> dict[str, LineKind | None]:
    root = parsed(PAGE)
    text = block_text(root) if text is None else text
    return dict(zip(text.split("\n"), Gold(root, BODY).label(text), strict=True))


def test_head_and_body_are_kept_and_the_rest_is_not() -> None:
    found = _kinds()
    assert found["Losses published on Monday"] is LineKind.HEADLINE
    assert found["Both sides lost more than was known, a list shows."] is LineKind.STANDFIRST
    assert found["By Jane Example"] is found["3 May 2022"] is LineKind.BYLINE
    assert found["The ministry on Monday"] is LineKind.CAPTION
    assert {found[line] for line in BODY.splitlines()} == {LineKind.BODY}
    for line in ("World", "Sport", "Share", "Other news of the day, seen by John Other", "1 May 2022"):
        assert found[line] is LineKind.FURNITURE, line


def test_lines_are_found_however_they_were_broken_and_dressed() -> None:
    lines = BODY.splitlines()
    found = _kinds(
        "\n".join([lines[0][:30], lines[0][30:], f"T {lines[1][1:]}", "Unit", "1st", "120", "2nd", "Share"])
    )
    assert list(found.values()) == [LineKind.BODY] * 7 + [LineKind.FURNITURE]
    found = _kinds("The ministry [published](https://paper.example/a) on Monday the losses of both sides")
    assert list(found.values()) == [LineKind.BODY]


def test_cells_run_together_are_the_body_s_where_it_leads_to_them() -> None:
    found = _kinds(f"{BODY.splitlines()[1]}\nEarly daysUnit\n1st 1202nd\n240")
    assert list(found.values()) == [LineKind.BODY] * 4
    assert _kinds("Early daysUnit\nShare")["Early daysUnit"] is LineKind.FURNITURE


def test_of_a_date_that_the_page_does_not_bear_out_nothing_is_known() -> None:
    page = "<html><body><h1>Losses published on Monday</h1></body></html>"
    body = BODY.splitlines()
    lines = ["Losses published on Monday", "by", "3 May 2022", "6:46 pm", *body, "Updated", "4 May 2022"]
    dated = dict(zip(lines, Gold(parsed(page), BODY).label("\n".join(lines)), strict=True))
    assert {dated[line] for line in ("by", "3 May 2022", "6:46 pm", "Updated", "4 May 2022")} == {None}
    borne_out = dict(zip(lines, Gold(parsed(PAGE), BODY).label("\n".join(lines)), strict=True))
    assert borne_out["3 May 2022"] is borne_out["4 May 2022"] is LineKind.BYLINE
    assert borne_out["by"] is borne_out["Updated"] is None
