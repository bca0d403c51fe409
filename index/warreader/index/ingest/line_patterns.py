"""What a line of a news page says: share buttons, newsletter lines, picture credits, bylines.

Patterns are costly, so each is tried only where a line's first word, its last or any
telling one lets it hope for a match.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from warreader.index.ingest.dates import MONTHS


class Said(IntEnum):
    """What a pattern says of a line, by itself."""

    NOTHING = 0
    SHARE = 1
    CREDITED = 2
    CREDIT_ONLY = 3
    CREDIT = 4
    AGENCY = 5
    BYLINE = 6
    DATED = 7
    PROMOTION = 8
    NAVIGATION = 9
    SECTIONS = 10
    TRAIL = 11
    ADDRESS = 12


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


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
    r"report (?:this|ad|abuse)|story continues|article continues|read or share|"
    r"support (?:us|our|independent)|donate|already a (?:subscriber|member)|continue reading|start your|"
    r"about (?:the author|us)|contact us|disclaimer|send us|got a (?:story|tip)|have (?:a|you got a) (?:story|tip)|"
    r"skip (?:ad|advert)|scroll (?:down|to)|please (?:enable|log|sign|subscribe)|javascript|(?:un)?mute|play video|"
    r"(?:the )?latest (?:news|updates)$|breaking news$|notify me|reply$|required fields|explore more|show more|close$)"
    r"(?![\w-])",
    re.IGNORECASE,
)

_NAVIGATION_ABROAD = re.compile(
    # German
    r"(?:lesen sie (?:auch|hier|mehr|weiter|dazu)|lies auch|mehr (?:zum thema|dazu|aus|von|nachrichten)|"
    r"weitere (?:artikel|beiträge|meldungen|nachrichten|themen|informationen)|weiterlesen|"
    r"alle (?:artikel|beiträge|nachrichten)|"
    r"das könnte (?:sie|dich|euch)|auch interessant|jetzt (?:anmelden|abonnieren|registrieren|lesen|testen)|anzeige$|"
    r"teilen$|drucken$|merken$|nach oben|startseite$|impressum|datenschutz|zur startseite|meistgelesen|"
    # French, Spanish, Polish
    r"(?:à )?lire (?:aussi|la suite|également)|voir aussi|sur le même (?:sujet|thème)|partager|publicité$|s'abonner|"
    r"abonnez-vous|inscrivez-vous|le(?:a|e) también|lee(?:r)? más|te puede interesar|más (?:información|noticias)|"
    r"suscríbe(?:te|se)|compartir|publicidad$|ver (?:más|también)|czytaj (?:też|także|więcej|również)|"
    r"zobacz (?:też|także|również|więcej)|udostępnij|"
    # Ukrainian, Russian
    r"чита(?:йте|ти|ть) (?:також|также|ещ[её]|ще|далее|далі|більше|больше)|дивіться також|смотрите также|"
    r"(?:новини|новости|матеріали|материалы|статьи|статті) (?:за темою|по теме|партн[её]р[оі]в)|"
    r"(?:більше|больше) (?:новин|новостей|про це|об этом)|за темою:?$|по теме:?$|"
    r"підпис(?:уйтесь|уйтеся|атися)|подпи(?:сывайтесь|шитесь|саться)|"
    r"підпишіться|поділити(?:ся|сь)|поделиться|слідкуйте за|следите за|реклама$|теги:|коментарі|комментарии|на головну|"
    r"на главную|"
    # Arabic
    r"اقرأ أيضا|إقرأ أيضا|شاهد أيضا|للمزيد|تابعنا|مشاركة$)"
    r"(?![\w-])",
    re.IGNORECASE,
)
"""The same as :data:`_NAVIGATION` in other languages."""

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
    r"^by (?:subscribing|entering|signing up|clicking|continuing|registering|submitting|providing|creating|joining)\b"
    r".{0,200}\b(?:agree|consent|accept|polic(?:y|ies)|terms)\b|"
    r"^the post .{1,200} (?:first appeared|appeared first) (?:on|in)\b|"
    r"this (?:article|story|post) (?:was|is|has been) (?:originally |first )?(?:published|posted)|"
    r"https?://\S+\s*$",
)

_AGENCY = (
    r"(?:AFP|AP|A\.P\.|Reuters|REUTERS|PA|EPA|EPA-EFE|Getty|GETTY|Shutterstock|eyevine|Polaris|Alamy|Rex|REX|TASS|"
    r"SWNS|NurPhoto|Anadolu|UPI|Bloomberg|Sputnik|RIA Novosti|Ukrinform|Xinhua|Zuma|ZUMA|iStock|AAP|DPA|dpa|"
    r"Associated Press|Agence France-Presse|Getty Images|East2West)"
)

_CREDIT_END = re.compile(
    rf"(?:\[/?caption[^\]]*\]|[(\[|/–—-]\s*(?:\w[\w .'-]{{0,40}}(?:/|,|via|for)\s*)?(?:the )?{_AGENCY}"
    rf"(?: (?:images?|wire|photos?|pictures?|news))?[)\]]?\.?|via {_AGENCY}\)?|(?-i:[a-z]{_AGENCY}(?: Images)?)|"
    rf"\({_AGENCY}\s?/[^()]{{1,40}}\)|(?<=[\s.)])(?-i:REUTERS|Reuters|AFP|AP|EPA|Getty Images)/(?-i:[A-Z])[\w.'-]+"
    r"(?: (?-i:[A-Z])[\w.'-]+){0,3}(?:/[\w ]{3,20})*\.?|"
    r"\((?:[^()]{0,30}\s)?(?:photo|image|picture|file photo|file)s?[:/ ][^()]{0,60}\))$",
    re.IGNORECASE,
)

_CREDIT_START = re.compile(
    r"(?:image|photo(?:graph)?s?|picture|pic|credit|caption|file photo|photo by|illustration|getty|handout|screengrab|"
    r"screenshot|graphic|media caption)(?:\s+(?:source|caption|credits?|by|courtesy|"
    r"copyright|shows))?\s*[:/©|]|"
    r"(?:photo(?:graph)?|image|picture|illustration)s? (?:by|courtesy|credit|via|from)\b|"
    r"image (?:source|caption|copyright)|"
    r"file (?:photo|picture|image)\b|media (?:caption|playback)|getty images?\b|"
    r"this (?:photo|image|picture|handout|file photo)\b|"
    r"\((?:photo|image|picture|file)",
    re.IGNORECASE,
)

_CREDIT_ONLY = re.compile(
    rf"\(?(?:[A-Z][\w .&'-]{{1,40}}\s?(?:/|\||via|for|,)\s?)*(?:the )?{_AGENCY}"
    r"(?:\s?(?:/|via)\s?[A-Z][\w .&-]{1,40})?(?: (?:[Ii]mages?|[Pp]hotos?|[Pp]ictures?))?\)?"
)

_SLASHED = re.compile(r"\(?[A-Z][\w.&'-]*(?: [\w.&'-]+){0,3} ?/ ?[\w.&'-]+(?: [\w.&'-]+){0,3}\)?")

_BYLINE = re.compile(
    r"(?:by:? (?:(?-i:[A-ZÀ-Þ])|the associated press|our )|written by|reported by|reporting by|editing by|"
    r"additional reporting|"
    r"article source\b|source:|via:|author:|words by|story by|edited by|compiled by|"
    r"content created and supplied by|from our |special (?:for|to) [A-Z]|posted by|text by|"
    r"published (?:by|on|at)?:? ?\W?\w|updated:?\s+\W?\w|"
    r"last (?:updated|modified)|first published|date:|posted (?:on|at)\b)",
    re.IGNORECASE,
)

_NAMED = re.compile(
    r"(?:By|BY):? [A-Z][\w.'-]+(?: [\w.,&'|-]+){0,14}|"
    r"(?:Von|VON|Par|PAR|Por|POR|Autor|Autorin|Автори?|Авторы|Текст|Text|Texte|Texto):?(?: -)? "
    r"[A-ZÀ-ÞА-ЯЄІЇҐ][\w.'-]+(?:,? (?:(?:und|et|y|und|de|von|та|и|і) )?[A-ZÀ-ÞА-ЯЄІЇҐ][\w.'-]+){1,7}"
)

_CONTRIBUTED = re.compile(
    r"\W?[A-Z][^.!?]{1,150} contributed (?:reporting|to (?:this|the) (?:report|story|article|update|piece))\b"
    r"[^.!?]{0,60}\W*"
)

_AGENCY_BYLINE = re.compile(
    r"\(?(?:Reuters|AFP|AP|BBC News|TASS|Interfax|Ukrinform|Xinhua|Associated Press|The Associated Press|CNN|"
    r"Agence France-Presse|Al Jazeera)\)?(?: (?:staff|reporters?))?\.?"
)

_MONTH = (
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}|"
    rf"{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
)

_DATE_LINE = re.compile(
    rf"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?(?:\d{{1,2}}(?:st|nd|rd|th|er|\.)?"
    r"(?: de)? "
    rf"{_MONTH},?(?: de)? \d{{4}}|"
    rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}})"
    r"(?:.{0,40})",
    re.IGNORECASE,
)

_DATE_BEGINS = frozenset({name[:3] for name in MONTHS} | {"mon", "tue", "wed", "thu", "fri", "sat", "sun"})

_COMMENTS = re.compile(
    r"(?:\(?\d[\d,]*\)? )?comments?(?: ?\(?\d*\)?)?:?$|leave a (?:reply|comment)|post a comment|"
    r"join the (?:conversation|discussion)|(?:what do you think|have your say)\b.{0,40}$|\d+ (?:replies|responses)\b",
    re.IGNORECASE,
)

_NAVIGATES = _words(
    "sign log login register subscribe related read more see also back view top trending most recommended editor "
    "editors editor's you don't never what up follow join connect get download load click tap watch listen video "
    "gallery in advertise advertisement advertising ad ads sponsored promoted paid copyright c all privacy terms "
    "cookie cookies this by share tweet enjoyed tag tags topic topics filed posted category categories keywords "
    "newsletter enter your skip menu search home next previous loading show hide post add leave write report "
    "support donate already continue start about contact disclaimer send got have scroll please javascript mute "
    "unmute play the latest breaking notify reply required explore close story article"
)
"""First words of navigation."""
_NAVIGATES_ABROAD = _words(
    "lesen lies mehr weitere weiterlesen alle das auch jetzt anzeige teilen drucken merken nach startseite "
    "impressum datenschutz zur meistgelesen à lire voir sur partager publicité s'abonner abonnez-vous "
    "inscrivez-vous lea lee leer te más suscríbete suscríbese compartir publicidad ver czytaj zobacz "
    "udostępnij читайте читати читать дивіться смотрите новини новости матеріали материалы статьи статті "
    "більше больше за по підписуйтесь підписуйтеся підписатися подписывайтесь подпишитесь подписаться "
    "підпишіться поділитися поділитись поделиться слідкуйте следите реклама теги коментарі комментарии на اقرأ "
    "إقرأ شاهد للمزيد تابعنا مشاركة "
)
"""First words of navigation in other languages."""
_PROMOTES = _words(
    "sign inbox newsletter newsletters subscribe required published reserved contact download click terms privacy "
    "cookies aggregat aggregator aggregated automatically automatic trademarks comment top follow like join "
    "permission reproduced appeared email mail pubdate views reflect powered manage notifications tip consent "
    "unsubscribe agree accept policy policies "
    "originally posted http https item_custom_pubdate"
)
"""Words one of which every promotion has."""
_CREDITS = _words(
    "image images photo photos photograph photographs picture pictures pic credit credits caption file illustration "
    "illustrations getty handout screengrab screenshot graphic media this"
)
"""First words of picture credits."""
_CREDITORS = _words(
    "afp ap reuters pa epa efe getty shutterstock eyevine polaris alamy rex tass swns nurphoto anadolu upi bloomberg "
    "sputnik novosti ukrinform xinhua zuma istock aap dpa press france-presse presse images image photo photos "
    "picture pictures wire news"
)
"""Last words of lines that end in a credit."""
_SIGNS = _words(
    "by written reported reporting editing additional article source via author words story edited compiled "
    "content from posted text published updated last first date special von par por autor autorin автор автори авторы "
    "текст texte texto"
)
"""First words of bylines."""
_ADDRESS = re.compile(
    r"\[\d+\]: ?(?:https?:|mailto:|tel:|javascript:|/).*|(?:\[\d+\]:? ?)?[<(\[]?(?:https?://|www\.|/)[^\s()<>]+[)>\]]?"
)
"""An address that fills a line, or the target of a reference in flattened markup."""
LOOKED_AT = 200
"""Code points: of longer lines only promotions are looked for."""


def said(line: str, size: int, prose: bool, words: Sequence[str], digits: bool) -> Said:
    """What a line says by itself.

    Args:
        line: marks folded, no white space at its ends, at most some hundred code points.
        size: how many words it has.
        prose: whether it has the length and the end of running text.
        words: its words in lower case, in order.
        digits: whether it has any.
    """
    if not words:
        return Said.NOTHING
    first, last = words[0], words[-1]
    if ("/" in line or "www" in line) and _ADDRESS.fullmatch(line):
        return Said.ADDRESS
    if size <= 16 and first in _SHARE and _SHARE.issuperset(words):
        return Said.SHARE
    if "contributed" in words and size <= 25 and _CONTRIBUTED.fullmatch(line):
        return Said.BYLINE
    if last in _CREDITORS or line[-1] in ")]." or line[-1].isupper() or "/" in line:
        credited = _credited(line, size, prose, last)
        if credited:
            return credited
    if first in _CREDITS and _CREDIT_START.match(line) and (size <= 40 or ":" in line[:20]):
        return Said.CREDIT
    if size <= 20 and not prose and (kind := _signed(line, first, size, digits)):
        return kind
    if (
        not _PROMOTES.isdisjoint(words)
        and _PROMOTION.search(line.lower())
        and not (line[0] in "\"'" and size > 20)
    ):
        return Said.PROMOTION
    if first in _NAVIGATES and size < 40 and (size <= 7 or not prose) and _NAVIGATION.match(line):
        return Said.NAVIGATION
    if size <= 6 and first in _SECTIONS and _SECTIONS.issuperset(words):
        return Said.SECTIONS
    if size <= 16 and not prose and sum(map(line.count, "|>»›→")) >= 2:
        return Said.TRAIL
    return Said.NOTHING


def leads_on(line: str) -> bool:
    """Whether a line leads to other articles, or to a subscription, in one of the languages beside English.

    It is no part of what a line says: the model, which was made without it, would take its neighbours for menus.
    """
    first = line.partition(" ")[0].strip(":").lower()
    return first in _NAVIGATES_ABROAD and line.count(" ") < 25 and _NAVIGATION_ABROAD.match(line) is not None


def _credited(line: str, size: int, prose: bool, last: str) -> Said:
    """Whether the line ends in a picture's credit, or is one; an agency's byline is none."""
    tail = line[-70:]
    ends = _CREDIT_END.search(tail) if line[-1] != "." or last in _CREDITORS else None
    if ends and not (prose and size > 45) and not _AGENCY_BYLINE.fullmatch(line):
        return Said.CREDITED
    if size <= 12 and not _AGENCY_BYLINE.fullmatch(line):
        only = _CREDIT_ONLY.fullmatch(line) if last in _CREDITORS else None
        if only or ("/" in line and _SLASHED.fullmatch(line)):
            return Said.CREDIT_ONLY
    return Said.NOTHING


def _signed(line: str, first: str, size: int, digits: bool) -> Said:
    if size <= 4 and _AGENCY_BYLINE.fullmatch(line):
        return Said.AGENCY
    if (
        first in _SIGNS
        and "[#" not in line
        and ((size <= 14 and _BYLINE.match(line)) or _NAMED.fullmatch(line))
    ):
        return Said.BYLINE
    may = digits and (line[0].isdigit() or first[:3] in _DATE_BEGINS)
    return Said.DATED if may and _DATE_LINE.fullmatch(line) else Said.NOTHING


def opens_comments(line: str) -> bool:
    """Whether a line is the heading of readers' comments."""
    return _COMMENTS.match(line) is not None
