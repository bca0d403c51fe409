"""English words that report speech, and the small closed classes around them. Data, no logic but inflection.

The verbs were collected from attribution studies of news (PolNeAR, PARC) and from reading; they are
kept by what they may do, because "said" governs any clause while "showed" governs a quotation only when it
stands right before it.
"""

from __future__ import annotations

_IRREGULAR = {
    "say": "say says said saying",
    "tell": "tell tells told telling",
    "write": "write writes wrote written writing",
    "think": "think thinks thought thinking",
    "feel": "feel feels felt feeling",
    "understand": "understand understands understood",
    "find": "find finds found finding",
    "show": "show shows showed shown showing",
    "read": "read reads reading",
    "see": "see sees saw",
    "learn": "learn learns learned learnt",
    "quip": "quip quips quipped quipping",
    "admit": "admit admits admitted admitting",
    "slam": "slam slams slammed slamming",
    "dub": "dub dubs dubbed dubbing",
    "beg": "beg begs begged begging",
    "swear": "swear swears swore sworn swearing",
    "put": "put puts putting",
    "speak": "speak speaks spoke spoken speaking",
    "label": "label labels labelled labeled labelling labeling",
    "refer": "refer refers referred referring",
}


def inflected(verb: str) -> list[str]:
    """The forms of an English verb, itself first."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb].split()
    if verb.endswith("e"):
        return [verb, verb + "s", verb + "d", verb[:-1] + "ing"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    if verb.endswith(("s", "sh", "ch", "x")):
        return [verb, verb + "es", verb + "ed", verb + "ing"]
    return [verb, verb + "s", verb + "ed", verb + "ing"]


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _forms(verbs: str) -> dict[str, str]:
    return {form: verb for verb in verbs.split() for form in inflected(verb)}


STRONG: dict[str, str] = _forms(
    "say tell add agree chant whisper hint "
    "claim note warn insist argue explain declare announce state reply respond write tweet "
    "acknowledge admit allege assert confirm deny suggest predict pledge vow urge stress emphasize "
    "emphasise recall remark comment complain conclude concede contend maintain mention reiterate "
    "reveal testify caution boast joke quip indicate lament shout protest report observe recount "
    "reminisce counter retort scoff reflect post apologize apologise swear ask demand beg propose "
    "recommend threaten promise accuse continue proclaim clarify elaborate exclaim interject reaffirm underscore "
    "underline highlight plead brag pose tease forecast speculate remind assure read"
)
"""Form -> verb: verbs that govern quoted words anywhere in their sentence."""

_WEAK = _forms(
    "agree advise believe charge cite decide describe disclose express fear feel hint hope imply inform "
    "know question remember request think tout understand want wonder scream yell cry signal point "
    "estimate find show expect call criticize criticise praise hail slam blast dismiss reject "
    "defend dub accept consider doubt learn see worry marvel opine muse label brand quote refer speak "
    "appeal blame denounce condemn decry bemoan deride mock lambast nickname cast voice echo applaud discuss "
    "liken assume vent foresee reckon guess outline detail justify"
)

NAMING: frozenset[str] = _words(
    "call dub describe label brand hail tout refer slam blast dismiss denounce condemn decry deride mock lambast "
    "nickname cast liken"
)
"""Verbs that put a name on something: what he called an "international legion"."""

CUES: dict[str, str] = {
    form: verb for form, verb in {**_WEAK, **STRONG}.items() if form not in {"known", "seen"}
}
"""Form -> verb: every word that may report."""

CLAUSAL: frozenset[str] = _words(
    "say tell claim note warn insist argue explain declare announce state report reply respond write "
    "tweet acknowledge admit allege assert confirm deny suggest predict pledge vow stress emphasize "
    "emphasise recall remark observe complain conclude concede contend maintain mention reiterate "
    "reveal testify agree believe boast caution charge disclose fear feel hint hope imply indicate joke "
    "know lament promise propose recommend remember threaten think understand estimate find show expect "
    "decide doubt worry learn add call apologize apologise recount swear counter protest point signal question "
    "proclaim clarify elaborate exclaim reaffirm underscore underline highlight plead brag forecast speculate "
    "remind assure assume foresee reckon guess bemoan"
)
"""Verbs that take a that-clause."""

BARE: frozenset[str] = _words(
    "say claim note warn insist argue declare announce state report acknowledge admit allege assert "
    "confirm deny suggest predict stress reveal maintain believe clarify reckon"
)
"""Verbs that take a clause without "that" in news prose."""

INFINITIVE: frozenset[str] = _words("pledge vow promise threaten claim offer propose swear agree demand ask")
"""Verbs followed by "to" and what is pledged or claimed."""

OBJECT_INFINITIVE: frozenset[str] = _words("urge ask beg tell advise warn call appeal remind")
"""Verbs followed by someone and "to": urged his compatriots to ignore it."""

TO: frozenset[str] = (
    INFINITIVE
    | OBJECT_INFINITIVE
    | _words(
        "plead hope want decide expect request remind assure vow refer fear forbid invite encourage profess"
    )
)
"""Verbs after which "to" may open what is said, asked for or meant."""

TOPIC: dict[str, frozenset[str]] = {
    "complain": frozenset({"about", "of"}),
    "warn": frozenset({"of", "about", "against"}),
    "hint": frozenset({"at"}),
    "call": frozenset({"for"}),
    "boast": frozenset({"of", "about"}),
}
"""Verbs that state their content as a topic, and the prepositions that lead to it."""

PHRASAL: frozenset[str] = _words(
    "call accuse acknowledge admit allege announce applaud ask bemoan blame blast boast brand cite claim defend echo "
    "clarify complain condemn confirm consider criticise criticize demand denounce deny deride "
    "describe detail disclose discuss dismiss dub emphasise emphasize explain express fear forecast hail "
    "highlight insist label lambast lament mention mock nickname note outline plead pledge point praise "
    "predict proclaim promise propose protest question quote reaffirm recall recommend recount refer "
    "reiterate reject request reveal see slam stress suggest threaten tout tweet underline underscore urge "
    "voice vow want warn "
)
"""Verbs whose object alone, no clause, tells what was said: announced the loan, denied the charge."""

REMARKED: frozenset[str] = _words("which something")
ASSERTIONS: frozenset[str] = _words("accusation allegation assertion charge claim suggestion")
"""What opens a remark on the words before it: which Hamas denied, a claim that Kyiv rejects."""

CONTRADICTING: frozenset[str] = _words(
    "denied denies deny disputed disputes dispute rejected rejects reject contested contests refuted refutes "
    "dismissed dismisses"
)
"""Forms of verbs by which somebody else answers what was said."""

PERCEIVING: frozenset[str] = _words("find show see learn know")
"""Verbs that report only what is stated in full: found emails, found the emails were lost."""

PICTURES: frozenset[str] = _words(
    "evidence footage video videos clip clips image images picture pictures photo photos photograph "
    "photographs map maps"
)
"""What shows something without anybody saying it."""

PAPERS: frozenset[str] = PICTURES | _words(
    "report reports statement statements letter letters article articles book books memo memos filing filings "
    "indictment poll polls survey surveys study studies document documents complaint lawsuit dossier transcript "
    "transcripts law constitution data figures statistics findings results analysis story stories tweet tweets "
    "email emails e-mail estimates record records account accounts assessment assessments review rules"
)
"""What says something without being anybody."""

GERUND: frozenset[str] = _words("propose protest deny admit suggest recommend")
"""Verbs followed by an -ing form that is the content: proposed handing over."""

HEARD: frozenset[str] = _words("tell warn remind assure inform advise promise persuade convince")
"""Verbs followed by who was spoken to."""

NO_INVERSION: frozenset[str] = _words("tell urge accuse ask inform want see know feel threaten remind assure")
"""Verbs after which a noun phrase is who was spoken to, not who spoke."""

PRONOUNS: frozenset[str] = _words("he she it they i we you who")
SINGULAR_PERSON: frozenset[str] = frozenset({"he", "she", "who"})
OBJECT_PRONOUNS: frozenset[str] = _words(
    "him her them me us himself herself themselves itself his their its my our your"
)
DETERMINERS: frozenset[str] = _words(
    "the a an his her their its this these those my our your another some several two three one"
)
BEFORE_NOUN: frozenset[str] = _words("the a an his her their its this these those my our your no any")

QUANTIFIERS: frozenset[str] = _words("many several some such more most few other both all numerous")
"""Words after which a form like "claims" is a noun."""

AUXILIARIES: frozenset[str] = _words(
    "has have had having is was were are am been being be would will could can may might must should "
    "did does do shall hasn't haven't hadn't isn't wasn't"
)
FINITE: frozenset[str] = (AUXILIARIES - _words("having am been being be")) | _words(
    "he she they it i we there's it's he's she's that's they're we're i'm you're he'll she'll they'll it'll "
    "said told went came took made gave got knew thought saw found left kept held began became brought bought "
    "built caught chose drew drove fell felt flew fought grew heard led lost meant met paid ran rose sent shot "
    "hit cut put set sold spent spoke stood struck taught threw understood won wore wrote "
    "says thinks knows wants needs seems becomes remains gives takes makes goes comes gets keeps"
)
"""Words that make a clause of what they stand in: auxiliaries, subject pronouns, common irregular verbs."""

CONTRACTED: frozenset[str] = _words("he's she's it's they've we've i've you've who's")
"""A subject and its auxiliary in one: She's criticised the plan."""

SHORTENED: frozenset[str] = _words("he's she's it's that's there's who's what's here's")
"""Words that end like a possessive and are none."""

OPENING: frozenset[str] = _words("that whether if how why what")
"""Words that open a reported clause."""

OFTEN_NOUNS: frozenset[str] = _words("state")
"""Verbs whose forms mostly are nouns in news: the states, the state."""

IDENTIFYING: frozenset[str] = _words("identify identifies identified identifying")

NO_NOUNS: frozenset[str] = _words("accuse say deny believe insist argue warn tell")
"""Verbs whose bare form is no noun: the Poles say."""

SILENT: frozenset[str] = _words(
    "decline declines declined declining refuse refuses refused refusing seem seems seemed appear appears appeared "
    "unclear unknown uncertain"
)
"""Words for what somebody doesn't say."""

WEEKDAYS: frozenset[str] = _words("monday tuesday wednesday thursday friday saturday sunday")
DAYS: frozenset[str] = WEEKDAYS | _words("today yesterday earlier late last")
"""Words that tell when something was said, right after "said"."""

PARTS_OF_DAY: frozenset[str] = _words("morning afternoon evening night")

CHANNELS: frozenset[str] = _words("telegram twitter x facebook instagram youtube television tv radio social")
"""On what something was said: said on Telegram."""

OCCASIONS: frozenset[str] = _words(
    "statement interview speech address briefing post message letter email e-mail tweet video report "
    "conference announcement"
)
"""In what something was said: said in a statement."""

BE: frozenset[str] = _words("is was were are am been being be")
ADVERBS: frozenset[str] = _words(
    "also later then further once still now again never even instead just soon previously always ever "
    "too long today yesterday earlier first since already not jointly himself herself meanwhile nevertheless "
    "nonetheless either likewise"
)
CHAIN: frozenset[str] = _words("went go goes going on to continued continues as quoted heard")
"""Words of "went on to say", "was quoted as saying", "can be heard saying"."""

QUOTED: frozenset[str] = _words("quoted cited quotes cites quoting citing")
"""Words of one who relays what another says: Tass quoted the minister as saying."""

NEGATIONS: frozenset[str] = _words(
    "not never didn't doesn't don't won't wouldn't can't couldn't hasn't haven't hadn't isn't wasn't aren't weren't "
    "cannot shouldn't"
)

CONJUNCTIONS: frozenset[str] = _words(
    "and but or nor that as because if when where while which who whom whose than although though since "
    "until whether so after before what how why"
)
RELATIVES: frozenset[str] = _words("who which whose where")
"""Words that open a clause on whom or what was just named."""

PREPOSITIONS: frozenset[str] = _words(
    "in on at by with from of to for about against over under during into through between among across "
    "amid following despite according via near like without within"
)
"""Words before a noun that keep it from being the subject."""

LEADING: frozenset[str] = _words(
    "regardless but and yet however meanwhile also then later today yesterday earlier still so now furthermore "
    "additionally moreover instead afterwards there in on at by with from back monday tuesday wednesday "
    "thursday friday saturday sunday"
)
"""Words that may stand before a subject at the head of a clause."""

FORMER = frozenset(["former", "ex", "ousted", "late"])
"""Words of a role that somebody had."""

TITLES: frozenset[str] = _words("mr mrs ms dr prof gov sen rep gen col lt sgt capt maj adm st")

COLLECTIVES: frozenset[str] = _words(
    "officials sources police authorities critics analysts experts aides lawmakers witnesses residents "
    "prosecutors investigators doctors soldiers reports others many some diplomats activists scientists "
    "researchers protesters relatives friends"
)
"""Plural nouns that speak without an article: said officials."""

ROLES: frozenset[str] = _words(
    "expert analyst president minister leader soldier official spokesman spokeswoman spokesperson "
    "general commander chief professor author politician senator governor mayor chancellor premier "
    "ambassador envoy diplomat lawmaker congressman congresswoman correspondent journalist reporter "
    "writer activist lawyer attorney judge prosecutor officer lieutenant colonel major captain sergeant "
    "teacher doctor director head secretary chairman chairwoman candidate historian economist scientist "
    "researcher scholar strategist veteran fighter prisoner conscript resident witness woman man mother "
    "father actor actress singer star player coach billionaire businessman entrepreneur founder "
    "executive ceo king queen prince princess pope bishop priest pastor democrat republican "
    "representative adviser advisor aide deputy manager driver student mercenary pilot medic nurse "
    "volunteer victim survivor suspect defendant speaker host presenter pundit blogger ruler dictator "
    "autocrat statesman tycoon mogul oligarch editor columnist host academic lecturer fellow surgeon mp pm admiral "
    "marshal commissioner inspector strongman comedian musician artist farmer engineer"
)
"""Heads of a phrase that stands for a person already named: the military expert."""

SINGLE_ROLES: frozenset[str] = _words(
    "president minister premier pm chancellor king queen pope governor mayor ambassador senator congressman "
    "congresswoman spokesman spokeswoman secretary"
)
"""Roles of which there is one at a place and a time."""


STATE_ROLES: frozenset[str] = _words("president leader premier pm minister chancellor")
"""Roles by which statesmen are called whose offices all know."""

VAGUE_ROLES: frozenset[str] = _words(
    "official man woman victim survivor resident witness student driver suspect"
)
"""Roles that many have, and who is meant only the words around tell."""


def _alike(table: str) -> dict[str, frozenset[str]]:
    """Rows of words and, after a colon, what each stands for; "_" is a space within one."""
    rows = [row.replace("_", "\0").split(":") for row in table.strip().splitlines()]
    return {
        word.replace("\0", " "): frozenset(one.replace("\0", " ") for one in held.split())
        for words, held in rows
        for word in words.split()
    }


ALIKE_ROLES: dict[str, frozenset[str]] = _alike(
    """
    journalist reporter: journalist reporter correspondent editor presenter host blogger columnist
    correspondent writer: journalist reporter correspondent editor author columnist blogger
    analyst expert researcher: analyst expert researcher scholar professor historian economist fellow strategist
    scholar scientist: professor historian economist fellow scientist researcher
    academic: professor lecturer historian scholar economist
    lawyer: attorney
    attorney: lawyer
    officer: lieutenant colonel major captain sergeant
    commander: general colonel
    soldier: sergeant lieutenant captain private fighter
    fighter: soldier
    politician: lawmaker senator congressman congresswoman representative democrat republican mp
    lawmaker: senator congressman congresswoman representative democrat republican mp politician
    congressman congresswoman: representative lawmaker democrat republican
    representative: congressman congresswoman lawmaker democrat republican
    senator: lawmaker
    spokesman spokeswoman spokesperson: spokesman spokeswoman spokesperson
    businessman entrepreneur billionaire tycoon mogul: billionaire businessman entrepreneur founder tycoon mogul
    executive: ceo
    ceo: executive
    diplomat: ambassador envoy
    envoy: ambassador diplomat
    ambassador: envoy
    doctor: surgeon medic
    medic: doctor nurse
    minister: secretary
    secretary: minister
    premier pm: prime_minister
    prime_minister: premier
    leader: president prime_minister first_minister premier chancellor king queen prince pope chief head chairman
    chief: head leader director commissioner
    head: chief director leader
    dictator autocrat ruler strongman: president leader ruler dictator
    """
)
"""What one who is called by the first may be known as: the lawmaker is a senator, the leader a prime minister."""

CAPITAL_ROLES: frozenset[str] = SINGLE_ROLES | _words(
    "general colonel commander captain lieutenant major sergeant chief head director chairman chairwoman speaker "
    "judge professor doctor prince princess bishop democrat republican commissioner"
)
"""Roles written with a capital as they are; other words with one are part of a name: the Hollywood Reporter."""

PORTFOLIOS: frozenset[str] = _words(
    "defence defense foreign interior finance economy energy justice trade health culture education prime press home"
)
"""What tells one minister or secretary from another."""

OFFICES: frozenset[str] = PORTFOLIOS | _words(
    "security national vice deputy former acting senior top military army navy police intelligence special state"
)
"""Words between a state and a role in it: the US national security adviser."""

SPOKESPEOPLE: frozenset[str] = _words(
    "source sources official officials spokesman spokeswoman spokesperson adviser advisor aide aides campaign "
    "administration team lawyer lawyers attorney attorneys ally allies supporter supporters voter voters "
    "critic critics staffer staffers"
)
"""Who speaks where only somebody else is named: one Clarke campaign source."""

BODIES: frozenset[str] = COLLECTIVES | _words(
    "it they army military ministry government embassy consulate office department agency court council committee "
    "forces group company party administration statement commentary readout report commission union "
    "organisation organization institute"
)
"""Last words of what speaks without being one person: the Israeli military, a statement."""

SHE: frozenset[str] = _words(
    "mrs ms miss dame lady madam queen princess baroness spokeswoman congresswoman chairwoman actress mother"
)
HE: frozenset[str] = _words("mr sir lord king prince baron spokesman congressman chairman actor father")
"""Words beside a name after which it is "she", "he"."""

NO_LABELS: frozenset[str] = _words(
    "read watch more related live update photo video source note editor by image breaking location time date listen "
    "follow subscribe contact credit caption topic tag share also see here warning what why how when where who fact "
    "key part chapter step day week opinion analysis exclusive claim verdict pro con true false yes no"
)
"""Words before a colon that don't name who speaks: Related, Watch, Verdict."""

NEVER_SUBJECT: frozenset[str] = (
    ADVERBS
    | OBJECT_PRONOUNS
    | PREPOSITIONS
    | _words("week month year day night morning monday tuesday wednesday thursday friday saturday sunday")
)
"""Words that a noun phrase before a verb doesn't end with when it names who speaks."""
