"""What surrounds a question or only looks like one, in English: courtesies, requests.

Phrases are written as in `phrases.py`; they count where a clause begins.
"""

from bot.asking.table import words

# Where a clause begins, these are passed over before an opener is looked for.
FILLERS = words(
    "hi hello hey hiya howdy dear all everyone everybody guys folks team people there"
    " so and but or ok okay well oh ah aha hm hmm hmmm um uh also btw just please yes"
    " yeah no wait now anyway quick question sorry thanks thank morning good afternoon"
    " evening actually basically ooh wow again then right sure eg ie hence lastly"
    " finally first second secondly more otherwise alternatively"
    " hola hallo salut bonjour ciao olá oi привет всем cześć merhaba مرحبا"
)

# A message that begins so is addressed to the room.
GREETS = words("hi hello hey hiya heyo hej hallo hola salut bonjour")

# What a statement ends in to ask for a yes: ", right?", ", isn't it?".
TAGS = words("right no correct yes eh huh")
TAG_SUBJECTS = words("i it that you they we he she there")

# "Great result, isn't it?" asks nothing.
PRAISE = words(
    "great nice cool amazing awesome beautiful lovely wonderful fantastic funny neat"
    " impressive crazy awful terrible sad"
)

# A request to do something, as the verb after "could you", "can someone", …
REQUEST_STARTS = (
    "can|could|would|will you|someone|anyone|anybody|somebody|some",
    "can|could|may i|we get|request|have",
    "would you mind",
    "mind",
)
REQUEST_ACTIONS = words(
    "review reviewing merge merging approve rebase close closing reopen push bump"
    " release tag deploy add remove update fix move delete edit file open post sign"
    " invite ping assign restart rename revert make making put register upload schedule"
    " send forward change have take taking wait remind vote comment double look"
)
# A request for one of these is a request to know.
KNOWLEDGE = words(
    "mwe example examples reproducer code screenshot output error errors message"
    " details detail info information link links log logs trace stacktrace version"
    " reference documentation docs"
)
# What somebody asks who has just explained something.
COURTESIES = (
    "does|did|do that|this|it make|makes sense",
    "make|makes sense",
    "does|did|would that|this help",
    "sound|sounds good|right|reasonable|ok|okay",
    "got it",
    "see",
    "you know|see",
    "ya know",
    "wanna|want to",
    "oh|what|huh really",
    "really",
)
SUGGESTIONS = (
    "why don't|dont|not we|you",
    "why not you|just|we",
    "shall we|i",
    "how|what about we|you|if",
    "let's",
)
GREETINGS = (
    "how are|r you|u|things|y'all|ya",
    "how are|r you|u|things|y'all|we|ya all|doing|today|feeling|going|guys",
    "how's|hows it|everyone|everybody|everything|life|your|things going|doing|day",
    "how's|hows everyone|everybody|life|things",
    "how is|was everyone|everybody|your|life|it day|weekend|going|holiday|vacation",
    "how was your",
    "how have|you you|been",
    "how do you do",
    "how goes",
    "what's|whats|wassup|sup up",
    "what is up",
    "wassup",
    "sup",
    "you all|doing well|ok|okay|alright",
)
RHETORICAL = (
    "who would do|want|have|ever|not|wouldn't",
    "who wouldn't|doesn't|didn't|hasn't|knew|cares|needs|says",
    "why would anyone|anybody|someone|i|you ever|want|do|bother|use|need",
    "why bother|oh|on",
    "what could possibly|go",
    "what's not|the to|point|harm",
    "what else is new",
    (
        "isn't|aren't|wasn't|don't it|that|this|they|we|life just|great|amazing"
        "|funny|cool|awesome|beautiful|lovely|wonderful|all|love|nice|neat"
    ),
    "how cool|awesome|amazing|nice|great|lovely|hard|crazy|funny is|can|was",
    "how hard can|could",
    "am i right",
    "are you kidding|serious",
    "you know what|the",
    "guess what|who",
    "remember when",
    "did you know",
    "what a",
    "how dare",
    "what do you|we say",
    "what are the|odds odds",
    "what were|was they|i|he|she|we thinking",
)
