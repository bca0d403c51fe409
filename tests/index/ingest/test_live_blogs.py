"""Live blogs: all posts are kept, with their times and headings, and nothing else passes for one."""

from __future__ import annotations

import time

from warreader.index.article import LineKind
from warreader.index.ingest import html, live_blogs, markup

PAGE = (
    '<html lang="en"><head><title>Water is back: live | Example</title></head><body>'
    "<nav><a href='/'>Home</a></nav><main><h1>Water is back: live</h1>{}</main></body></html>"
)
WORDS = (
    "The council of Marenovo said in its update number {0} that the pumps ran again after two days of repairs.",
    "Engineers who came for update number {0} had found the second pipe broken, a spokeswoman told reporters.",
    "“We shall go on until every street has water,” she added in update number {0}, which was broadcast live.",
)


def post(number: int, heading: str | None = None, around: str = "{}") -> str:
    prose = "".join(f"<p>{words.format(number)}</p>" for words in WORDS)
    heading = heading or f"<h2>Heading of update {number}</h2>"
    return around.format(
        f'<article class="post"><header><time datetime="2024-03-12T1{number}:40">1{number}:40 GMT</time>'
        f"{heading}</header><div>{prose}</div><footer><span>Share</span></footer></article>"
    )


def test_all_posts_of_a_live_blog_are_kept_with_times_and_headings_in_their_order() -> None:
    for around in ("{}", "<li>{}</li>"):
        found = html.extract(
            PAGE.format("<ol>" + "".join(post(n, around=around) for n in range(8)) + "</ol>")
        )
        lines = found.text.split("\n")
        assert lines[0] == "Water is back: live"
        for number in range(8):
            at = next(i for i, line in enumerate(lines) if line == f"Heading of update {number}")
            assert lines[at - 1] == f"1{number}:40 GMT"
            assert lines[at + 1 : at + 4] == [words.format(number) for words in WORDS]
            assert found.kinds[at - 1 : at + 1] == (LineKind.BYLINE, LineKind.BODY)
        assert not any(
            line == "Share" and kind is not LineKind.FURNITURE
            for line, kind in zip(lines, found.kinds, strict=True)
        )


def test_what_stands_above_the_posts_is_kept() -> None:
    standfirst = "<div class='standfirst'><p>Three districts have water again, the council says.</p></div>"
    found = html.extract(PAGE.format(standfirst + "".join(map(post, range(6)))))
    assert "Three districts have water again, the council says." in found.text.split("\n")[:3]


def test_teasers_below_an_article_are_no_posts() -> None:
    article = "".join(f"<p>{words.format(0)} {words.format(1)}</p>" for words in WORDS)
    teasers = "".join(
        f"<article class='card'><h3><a href='/other/{number}'>Another story, number {number}</a></h3>"
        f"<time>1{number}:40</time><p>{WORDS[0].format(number)}</p></article>"
        for number in range(2, 9)
    )
    text = html.extract(PAGE.format(f"<article>{article}</article><section>{teasers}</section>")).text
    assert all(words.format(0) in text for words in WORDS)
    assert "Another story" not in text


def test_comments_are_no_posts() -> None:
    article = (
        "<article>" + "".join(f"<p>{words.format(0)} {words.format(1)}</p>" for words in WORDS) + "</article>"
    )
    comments = "".join(post(number, "<b>wolf1977</b>") for number in range(2, 7))
    text = html.extract(PAGE.format(article + f"<div id='comments'>{comments}</div>")).text
    assert WORDS[0].format(0) in text
    assert "wolf1977" not in text


def test_posts_that_stand_deep_take_no_longer() -> None:
    """Each was asked for all that it stands in: a made page took 14 seconds."""

    def seconds(depth: int) -> float:
        around = '<div class="some name of it" id="another">' * depth
        tree = markup.tree(f"<html><body>{around}{'<article><time>1</time></article>' * 10_000}")
        assert tree is not None
        begin = time.process_time()
        assert live_blogs.posts(tree) == []
        return time.process_time() - begin

    assert min(seconds(240) for _ in range(3)) < 6 * min(seconds(1) for _ in range(3))
