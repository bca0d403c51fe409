"""Line kinds: what each line of a plain-text news page is.

The text comes from a page whose markup is gone, so a line is judged by what it
says (share buttons, newsletter and cookie lines, credits), by its shape (length,
sentence end, share of stop words: the cues of Kohlschütter et al., "Boilerplate
Detection using Shallow Text Features", WSDM 2010) and by where it stands (before
the first prose line, after the last one, under a comments heading).

Nothing is dropped: a line is only labelled.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from warreader.index.article import Line, LineKind, Span
from warreader.index.text import fold_marks, line_spans

_LOOKED_AT = 600
"""Code points of a line's head and tail that patterns look at; longer lines are prose by their length."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_STOP = _words(
    "the a an and or but if in on at to of for from by with as is are was were be been has have had this that "
    "these those it its he she they we you i his her their our not no so than then when while after before who "
    "which what would will can could should about into over also there more said"
)
_SHARE = _words(
    "facebook twitter x linkedin pinterest pocket whatsapp telegram email e-mail print reddit tumblr instagram "
    "youtube flipboard messenger copy link share viber vk line threads bluesky mastodon rss tweet gmail sms "
    "snapchat tiktok signal wechat save comment comments like follow and on via more this article url"
)
_SECTIONS = _words(
    "news world home politics business sport sports opinion video videos live latest culture lifestyle health "
    "science technology tech travel weather money entertainment local national international europe africa asia "
    "americas breaking exclusive menu search more features analysis top stories story trending photos gallery "
    "podcast podcasts tv radio subscribe login register newsletters games jobs about contact advertise help "
    "celebrity royals football rugby and us uk the shows programmes sections edition team related article "
    "articles posts topics button close open toggle navigation skip next previous prev page back"
)

_NAVIGATION = re.compile(
    r"(?:sign (?:in|up|out)|log ?(?:in|out)|register|subscribe|related|read (?:more|also|next|on|the full|full)|"
    r"more (?:from|on|stories|news|in|like)|see (?:also|more)|also read|also in|back to top|view (?:all|more|gallery)|"
    r"top stories|trending|most (?:read|popular|viewed|shared|recent)|recommended|editor'?s'? (?:picks?|choice)|"
    r"you (?:may|might) (?:also )?(?:like|be interested)|don'?t miss|never miss|what to read next|up next|"
    r"follow (?:us|me|.{0,30} on)|join (?:us|our|the)|connect with|get (?:our|the|breaking|daily|email)|"
    r"download (?:the |our )?.{0,25}\bapp\b|load .{0,25}app|click (?:here|to)|tap (?:here|to)|watch(?: now)?:|"
    r"watch (?:live|more|the video|video)|listen(?: now| to)?:|video:|gallery:|in pictures|advertis(?:e|ement|ing)|"
    r"ads?\b|sponsored|promoted|paid (?:content|post)|copyright|©|\(c\)|all rights reserved|privacy|terms (?:of|and|&)|"
    r"cookies?\b|this (?:web)?site uses|by continuing|share (?:this|on|via|with|now|article)|share$|tweet$|"
    r"enjoyed this|tags?:|topics?:|filed under|posted in|categor(?:y|ies):|keywords:|newsletter|"
    r"enter your|your email|skip to|menu$|search$|home$|next (?:article|post|story)|previous (?:article|post|story)|"
    r"loading|(?:show|hide|view|load|see|read|post|add|leave|write) .{0,20}\bcomments?\b|leave a reply|"
    r"report (?:this|ad|abuse)|"
    r"support (?:us|our|independent)|donate|already a (?:subscriber|member)|continue reading|start your|"
    r"about (?:the author|us)|contact us|disclaimer|send us|got a (?:story|tip)|have (?:a|you got a) (?:story|tip)|"
    r"skip (?:ad|advert)|scroll (?:down|to)|please (?:enable|log|sign|subscribe)|javascript|(?:un)?mute|play video|"
    r"(?:the )?latest (?:news|updates)$|breaking news$|notify me|reply$|required fields|explore more|show more|close$)"
    r"(?![\w-])",
    re.IGNORECASE,
)
_PROMOTION = re.compile(
    r"sign up (?:here|for|to)|(?:direct|straight|delivered) to your inbox|our (?:\w+ ){0,2}newsletter|"
    r"subscribe (?:to|now|for)|required fields are marked|will not be published|all rights reserved|"
    r"please contact us|download (?:the|our) [^.]{0,25}app\b|click here|terms (?:of|and) (?:use|service|conditions)|"
    r"privacy policy|use of cookies|we use cookies|automatic(?:ally)? aggregat|trademarks belong|"
    r"leave a comment|back to top|follow us on|(?:like|join) us on (?:facebook|twitter|telegram)|"
    r"reproduced? without (?:\w+ )?permission|may not be (?:published|reproduced)|your (?:email|e-mail) address|"
    r"\[#\w+\]|views expressed (?:in|here|by)|does not (?:necessarily )?reflect the (?:views|opinions)|"
    r"powered by|manage (?:your )?(?:preferences|consent)|turn on notifications|got a news tip|"
    r"your consent|unsubscribe|"
    r"this (?:article|story|post) (?:was|is|has been) (?:originally |first )?(?:published|posted)|"
    r"https?://\S+\s*$",
    re.IGNORECASE,
)
_AGENCY = (
    r"(?:AFP|AP|A\.P\.|Reuters|REUTERS|PA|EPA|EPA-EFE|Getty|GETTY|Shutterstock|eyevine|Polaris|Alamy|Rex|REX|TASS|"
    r"SWNS|NurPhoto|Anadolu|UPI|Bloomberg|Sputnik|RIA Novosti|Ukrinform|Xinhua|Zuma|ZUMA|iStock|AAP|DPA|dpa|"
    r"Associated Press|Agence France-Presse|Getty Images|East2West)"
)
_CREDIT_END = re.compile(
    rf"(?:\[/?caption[^\]]*\]|[(\[|/–—-]\s*(?:\w[\w .'-]{{0,40}}(?:/|,|via|for)\s*)?(?:the )?{_AGENCY}"
    rf"(?: (?:images?|wire|photos?|pictures?|news))?[)\]]?\.?|via {_AGENCY}\)?|\w{_AGENCY}(?: Images)?|"
    r"\((?:photo|image|picture|file photo|file)[^()]{0,60}\))$",
    re.IGNORECASE,
)
_CREDIT_START = re.compile(
    r"(?:image|photo(?:graph)?s?|picture|pic|credit|caption|file photo|photo by|illustration|getty|handout|screengrab|"
    r"screenshot|graphic|media caption|copyright)(?:\s+(?:source|caption|credits?|by|courtesy|"
    r"copyright|shows))?\s*[:/©|]|"
    r"(?:photo(?:graph)?|image|picture|illustration)s? (?:by|courtesy|credit|via|from)\b|"
    r"image (?:source|caption|copyright)|"
    r"file (?:photo|picture|image)\b|media caption|getty images?\b|this (?:photo|image|picture|handout|file photo)\b|"
    r"\((?:photo|image|picture|file)",
    re.IGNORECASE,
)
_CREDIT_ONLY = re.compile(
    rf"\(?(?:[A-Z][\w .&'-]{{1,40}}\s?(?:/|\||via|for|,)\s?)*(?:the )?{_AGENCY}"
    r"(?:\s?(?:/|via)\s?[A-Z][\w .&-]{1,40})?(?: (?:[Ii]mages?|[Pp]hotos?|[Pp]ictures?))?\)?"
)
_SLASHED = re.compile(r"\(?[A-Z][\w.&'-]*(?: [\w.&'-]+){0,3} ?/ ?[\w.&'-]+(?: [\w.&'-]+){0,3}\)?")
_BYLINE = re.compile(
    r"(?:by:? (?:[A-Z]|the associated press|our )|written by|reported by|reporting by|editing by|additional reporting|"
    r"article source\b|source:|via:|author:|words by|story by|edited by|compiled by|"
    r"content created and supplied by|from our |posted by|text by|published (?:by|on|at)?:? ?\W?\w|updated:?\s+\W?\w|"
    r"last (?:updated|modified)|first published|date:|posted (?:on|at)\b)",
    re.IGNORECASE,
)
_AUTHOR = re.compile(r"(?:By|BY):? [A-Z][\w.'-]+(?: [\w.,&'|-]+){0,14}")
_AGENCY_BYLINE = re.compile(
    r"\(?(?:Reuters|AFP|AP|BBC News|TASS|Interfax|Ukrinform|Xinhua|Associated Press|The Associated Press|CNN|"
    r"Agence France-Presse|Al Jazeera)\)?(?: (?:staff|reporters?))?\.?"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.?"
_DATE_LINE = re.compile(
    rf"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?(?:\d{{1,2}}(?:st|nd|rd|th)? "
    rf"{_MONTH},? \d{{4}}|"
    rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}})"
    r"(?:.{0,40})",
    re.IGNORECASE,
)
_NAME_LINE = re.compile(
    r"(?:The )?[A-Z][\w&.'-]+(?: (?:of|and|for|the|de|van|von|al-)?\s?[A-Z][\w&.'-]+){0,4}"
)
_COMMENTS = re.compile(
    r"(?:\(?\d[\d,]*\)? )?comments?(?: ?\(?\d*\)?)?:?$|leave a (?:reply|comment)|post a comment|"
    r"join the (?:conversation|discussion)|(?:what do you think|have your say)\b.{0,40}$|\d+ (?:replies|responses)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?:[.!?…。！？]|\.{3})[\"')\]»”’]*$")
# A story's last sentence may carry who supplied it: "... from Ukraine. — BBC News", "... it said. (Reuters)".
_CREDITED_END = re.compile(r"[.!?][\"']? *(?:- ?|\()(?:[A-Z][\w.&/-]*,? ?){1,4}\)?\.?$")
_OPEN_END = re.compile(r"[:;,–—-][\"']?$")
_BULLET = re.compile(r"[-–—•*·∙▪●‣]\s*\S|\d{1,2}[.)]\s")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


_NEAR_HEADLINE = 3
"""Lines under a headline among which names stand for who wrote or published it."""


@dataclass(slots=True)
class _Shape:
    """What is counted of one line that is not blank."""

    span: Span
    text: str
    words: list[str]
    size: float
    stops: float
    ends: bool
    open: bool
    kind: LineKind | None = None

    @property
    def prose(self) -> bool:
        """A line nobody would take for anything but running text."""
        return (self.ends and self.size >= 12) or (
            self.size >= 30 and (self.stops >= 0.25 or self.size >= 60)
        )


def classify(text: str) -> tuple[Line, ...]:
    r"""Say of every line what it is.

    Args:
        text: stored text.

    Returns:
        One line for each of ``text.split("\n")``, in order, offsets in code
        points; an empty line is ``body`` with ``start == end``.
    """
    spans = list(line_spans(text))
    shapes = [_shape(text, span) for span in spans if text[span.start : span.end].strip()]
    _patterns(shapes)
    if _is_page(shapes):
        _positions(shapes)
        _headline(shapes)
        _rest(shapes)
        _comments(shapes)
    else:
        _plain(shapes)
    kinds = {shape.span.start: shape.kind or LineKind.BODY for shape in shapes}
    return tuple(
        Line(s.start, s.end, kinds.get(s.start, LineKind.BODY) if s.end > s.start else LineKind.BODY)
        for s in spans
    )


def _shape(text: str, span: Span) -> _Shape:
    whole = fold_marks(text[span.start : span.end]).strip()
    long = len(whole) > 2 * _LOOKED_AT
    looked = whole[:_LOOKED_AT] + " " + whole[-_LOOKED_AT:] if long else whole
    words = looked.split()
    size = max(len(words), len(_CJK.findall(looked)) / 2) + (60 if long else 0)
    stops = sum(word.strip(".,\"'()!?:;").lower() in _STOP for word in words) / max(1, len(words))
    tail = whole[-12:]
    ends = bool(_SENTENCE_END.search(tail)) or (size >= 8 and bool(_CREDITED_END.search(whole[-60:])))
    return _Shape(span, looked, words, size, stops, ends, bool(_OPEN_END.search(tail)))


def _patterns(shapes: Sequence[_Shape]) -> None:
    """Judge lines by what they say, wherever they stand."""
    for shape in shapes:
        if shape.size <= 80:
            shape.kind = _said(shape)


def _said(shape: _Shape) -> LineKind | None:
    text, words, size = shape.text, shape.words, shape.size
    if all(
        word.strip(".,&|/:()").lower() in _SHARE or not word.strip(".,&|/:()•·-+0123456789") for word in words
    ):
        return LineKind.FURNITURE
    if _CREDIT_END.search(text) and not (_AGENCY_BYLINE.fullmatch(text) or (shape.prose and size > 45)):
        return LineKind.CAPTION
    if (
        size <= 12
        and (_CREDIT_ONLY.fullmatch(text) or _SLASHED.fullmatch(text))
        and not _AGENCY_BYLINE.fullmatch(text)
    ):
        return LineKind.CAPTION
    if _CREDIT_START.match(text) and (size <= 40 or ":" in text[:20]):
        return LineKind.CAPTION
    if size <= 14 and (_AGENCY_BYLINE.fullmatch(text) or (_BYLINE.match(text) and not shape.prose)):
        return LineKind.BYLINE if "[#" not in text else LineKind.FURNITURE
    if size <= 20 and not shape.ends and (_AUTHOR.fullmatch(text) or _DATE_LINE.fullmatch(text)):
        return LineKind.BYLINE
    if _PROMOTION.search(text) and not (text[0] in "\"'" and size > 20):
        return LineKind.FURNITURE
    if _NAVIGATION.match(text) and (
        size <= 7 or (size <= 14 and shape.stops < 0.3 and not shape.prose) or not shape.ends
    ):
        return LineKind.FURNITURE if size < 40 else None
    if size <= 6 and all(
        word.strip(".,&|/:>»+()").lower() in _SECTIONS or not word[0].isalnum() for word in words
    ):
        return LineKind.FURNITURE
    if size <= 16 and not shape.ends and sum(text.count(mark) for mark in "|>»›→") >= 2:
        return LineKind.FURNITURE
    return None


def _is_page(shapes: Sequence[_Shape]) -> bool:
    """Whether the lines are a page's blocks rather than a bare paragraph or two, or text wrapped by hand."""
    if len(shapes) < 4:
        return False
    lengths = sorted(shape.span.end - shape.span.start for shape in shapes)
    longest = lengths[int(len(lengths) * 0.9)]
    if not 40 <= longest <= 110:
        return True
    # Text wrapped at a column: lines nearly as long as the longest, most of them ending in mid-sentence.
    full = sum(length > 0.75 * longest for length in lengths)
    broken = sum(not shape.ends for shape in shapes if len(shape.text) > 0.75 * longest)
    following = sum(1 for a, b in pairwise(shapes) if b.span.start == a.span.end + 1 and b.text[0].islower())
    return not (full > 0.5 * len(shapes) and broken > 0.6 * full and following > 0.25 * len(shapes))


def _plain(shapes: Sequence[_Shape]) -> None:
    """Too little, or too plain, to be a page: everything no pattern caught is body, perhaps under a headline."""
    first = next((shape for shape in shapes if shape.kind is None), None)
    if (
        first is not None
        and first is shapes[0]
        and len(shapes) > 1
        and 3 <= first.size <= 30
        and not first.ends
        and not first.open
        and first.text[0] not in "\"'" + "-*•"
        and shapes[1].size > first.size
        and not shapes[1].text[0].islower()
    ):
        first.kind = LineKind.HEADLINE


def _positions(shapes: Sequence[_Shape]) -> None:
    """Carry a line's kind to neighbours that belong to it: a sentence broken over two lines is prose."""
    for shape, after in pairwise(shapes):
        adjacent = after.span.start == shape.span.end + 1
        if (
            shape.kind is None
            and after.kind is None
            and adjacent
            and after.text[0].islower()
            and not shape.ends
        ):
            shape.kind = after.kind = LineKind.BODY


def _prose_bounds(shapes: Sequence[_Shape]) -> tuple[int, int]:
    prose = [at for at, shape in enumerate(shapes) if shape.kind in (None, LineKind.BODY) and shape.prose]
    return (prose[0], prose[-1]) if prose else (0, len(shapes) - 1)


def _headline(shapes: Sequence[_Shape]) -> None:
    first, _ = _prose_bounds(shapes)
    after_menu = _menu_end(shapes, first)
    for at in (*range(after_menu, first + 1), *range(after_menu)):
        shape = shapes[at]
        if shape.kind is not None or not (4 <= shape.size <= 35) or shape.text[0].islower():
            continue
        if at < first or not shape.ends or shape.text.endswith("?"):
            shape.kind = LineKind.HEADLINE
            _standfirst(shapes, at)
            return


def _menu_end(shapes: Sequence[_Shape], first: int) -> int:
    """Where the last run of five and more menu entries above the first prose line ends."""
    end = run = 0
    for at, shape in enumerate(shapes[:first]):
        shared = all(word.lower() in _SHARE for word in shape.words)
        run = run + 1 if shape.size <= 3 and not shared and shape.kind in (None, LineKind.FURNITURE) else 0
        end = at + 1 if run >= 5 else end
    return end


def _standfirst(shapes: Sequence[_Shape], headline: int) -> None:
    """The sentence under the headline that a byline, picture or button parts from the body."""
    after = next((at for at in range(headline + 1, len(shapes)) if shapes[at].kind is None), None)
    if after is None or after > headline + 3:
        return
    shape = shapes[after]
    unfinished = not shape.ends and shape.size >= 8 and shape.stops >= 0.25
    parted = after + 1 < len(shapes) and (
        shapes[after + 1].kind not in (None, LineKind.BODY)
        or not (shapes[after + 1].ends or shapes[after + 1].prose)
    )
    if (unfinished or (shape.ends and shape.stops >= 0.2 and parted)) and 8 <= shape.size <= 50:
        shape.kind = LineKind.STANDFIRST


def _rest(shapes: Sequence[_Shape]) -> None:
    first, last = _prose_bounds(shapes)
    seen = Counter(shape.text for shape in shapes)
    titled = next((at for at, shape in enumerate(shapes) if shape.kind is LineKind.HEADLINE), None)
    headline = shapes[titled] if titled is not None else None
    for at, shape in enumerate(shapes):
        if shape.kind is None:
            repeated = headline is not None and shape is not headline and len(headline.text) > 20
            if repeated and headline is not None and headline.text in shape.text and not shape.prose:
                shape.kind = LineKind.FURNITURE
            elif at < first:
                shape.kind = _before(shape, titled is not None and 0 < at - titled <= _NEAR_HEADLINE)
            else:
                shape.kind = _inside(shapes, at, seen[shape.text] > 1, at > last)


def _before(shape: _Shape, titled: bool) -> LineKind:
    """A line above the first prose line."""
    if shape.ends and (shape.size >= 5 or shape.text[0] in "\"'"):
        return LineKind.BODY
    if titled and shape.size <= 6 and _NAME_LINE.fullmatch(shape.text):
        return LineKind.BYLINE
    if titled and shape.size >= 8 and shape.stops >= 0.25:
        return LineKind.STANDFIRST
    return LineKind.CAPTION if shape.size >= 5 else LineKind.FURNITURE


def _inside(shapes: Sequence[_Shape], at: int, repeated: bool, tail: bool) -> LineKind:
    """A line among or after the prose lines."""
    shape = shapes[at]
    if shape.prose:
        return LineKind.BODY
    if _BULLET.match(shape.text) and shape.size >= 6:
        return LineKind.BODY
    if shape.ends or shape.open:
        if tail and shape.size < 8 and shape.text[0] not in "\"'" and shape.stops < 0.15:
            return LineKind.FURNITURE
        return LineKind.FURNITURE if _is_linked(shapes, at) else LineKind.BODY
    if repeated:
        return LineKind.CAPTION
    if shape.text[0] in "\"'" and shape.size >= 3 and not tail:
        return LineKind.BODY
    if tail:
        return LineKind.FURNITURE
    return LineKind.CAPTION if shape.size >= 5 else LineKind.FURNITURE


def _is_linked(shapes: Sequence[_Shape], at: int) -> bool:
    """A short question among the paragraphs that stands alone is the title of another story."""
    shape = shapes[at]
    if not shape.text.endswith("?") or shape.size > 16 or shape.text[0] in "\"'":
        return False
    before = shapes[at - 1] if at else None
    return before is None or before.ends or not before.prose


def _comments(shapes: Sequence[_Shape]) -> None:
    """Under a comments heading near the end nothing belongs to the article."""
    total = sum(shape.size for shape in shapes if shape.kind is LineKind.BODY)
    so_far = 0.0
    for at, shape in enumerate(shapes):
        if shape.size <= 8 and so_far > 0.6 * total and _COMMENTS.match(shape.text):
            for below in shapes[at:]:
                below.kind = LineKind.FURNITURE
            return
        if shape.kind is LineKind.BODY:
            so_far += shape.size
