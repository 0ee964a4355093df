"""The turns of phrase that tell asking from telling, in English.

In a phrase `a|b` is either word. "Openers" count only where a clause begins,
"inside" anywhere. What each is worth is learnt (`fit.py`); what it is called here
is what `weights.json` calls it.
"""

_I = "i|we|you|one|someone|people|y'all"
_SUBJECT = (
    "i|you|we|they|he|she|it|this|that|these|those|there|the|a|an|any|anyone|anybody"
    "|someone|somebody|anything|something|everyone|people|folks|my|your|our|their|its"
    "|codeword|linkword|all|each|both|some|one|such|here|not|using"
)
_WHO = "anyone|anybody|someone|somebody|any|some|one|everyone|others|people|folks"
_AUX = (
    "is|are|am|was|were|do|does|did|can|could|should|would|will|may|might"
    "|isn't|aren't|wasn't|don't|doesn't|didn't|can't|couldn't|shouldn't|wouldn't|won't"
    "|haven't|hasn't"
)
_WH = (
    "what|how|why|which|who|where|when|whose|what's|how's|who's|where's|whats|hows"
    "|wheres"
)

OPENERS: dict[str, tuple[str, ...]] = {
    "wh word": (
        _WH,
        f"in|on|for|from|to|with|at|by|under|of {_WH.replace('who|', 'whom|')}",
    ),
    "wh inversion": (
        f"what|how|why|which|who|where|when|whose {_AUX}",
        "what|how's|what's|whats|who's|where's the|a|that|this|your|up|wrong|best",
        (
            "how|what|which|why|where much|many|long|hard|else|kind|exactly|do"
            f"|would {_SUBJECT}"
        ),
        "how many|much|long|hard|far|fast|big|often|large|difficult|easy",
        "what kind|sort|type|version|exactly|else|part|about|would|package|happens",
        "why not|so",
    ),
    "inversion": (
        f"{_AUX} {_SUBJECT}",
        (
            "have|has|had i|you|we|they|he|she|it|this|the|any|anyone|anybody"
            "|someone|people"
        ),
    ),
    "aux": (_AUX,),
    "opens wondering": (
        "wondering|curious if|whether|how|what|why|where|which|about",
        "just|was|still|i'm|im wondering|curious if|whether|how|what|why|where|which",
        "i was|am wondering|curious if|whether|how|what|why|where|which",
    ),
    "calls for anyone": (
        (
            f"{_WHO} know|knows|have|has|here|familiar|around|tried|else|using|got"
            "|able|seen"
        ),
        f"does|do|did|has|have|is|are|can|could|would|anyone|will {_WHO}",
        "any anyone|one|body",
    ),
    "any": (
        (
            "any idea|ideas|thoughts|tips|suggestions|suggestion|pointers|hints"
            "|advice|clue"
        ),
        (
            "any recommendations|recommendation|help|way|chance|support|news|update"
            "|updates"
        ),
        (
            "any examples|example|reason|other|opinion|opinions|experience|plans"
            "|objections"
        ),
        "thoughts|ideas|suggestions|recommendations|tips|opinions on|about|for|anyone",
        "any",
    ),
    "hedge": (
        "maybe|perhaps|probably|iirc|afaik|possibly|presumably|apparently",
        "i think|guess|believe|suspect|suppose|imagine|assume|mean|thought|vaguely",
        "i'd|i'm guess|say|guessing|think|suggest",
        "looks|sounds|seems like",
        "it|that|this|there looks|seems|sounds|might|may|could|should|would",
        "might|may be",
        "if i recall|remember",
        "i|you could|would|might|should|can just|also|probably",
        "or maybe|perhaps",
    ),
    "suggests": (
        "maybe|perhaps we|you|i|it|try|just|use|a|the|something|instead|also|that|they",
        "why don't|not|can't we|you|just|use|make|try|call|let|write|have|add|put",
        "how|what about",
        "shall|should|could|can we",
        "shall i",
        "let's|lets",
        "what if",
        "have|did you tried|considered|try|thought|looked|seen|checked|consider",
        "isn't that|it|the|this",
        "wouldn't|shouldn't|couldn't|can't it|you|that|we|this",
        "do you want me|to",
        "want me|to",
        "would you like|mind",
        "i wonder|think|guess whether|if we|you should|could|can",
        "you could|can|might|should",
    ),
    "so": ("so|but|and|or|then|also|because|like|except|even|unless|only",),
    "if": ("if|when|given|suppose|assuming|since|say|let's",),
    "tells": (
        (
            "i|we have|had|did|just|will|already|also|always|often|agree|see|know"
            "|like|use|used|found|made|wrote|added|opened|filed|fixed|updated"
            "|registered|started|believe|love|hope|usually|personally|still"
            "|actually|ran|generally|read"
        ),
        (
            "i'll|we'll|we've|they|it's|that's|there's|it|he|she|yes|yeah|yep|no"
            "|nope|sure|because|right|exactly|true|good|great|nice|cool|haha|lol"
            "|sorry|thanks|thank|awesome|agreed|absolutely|definitely|correct|hope"
            "|here|fyi|today|now|just"
        ),
    ),
    "advises": (
        "you|one can|could|need|have|should|might|may|will|want|would|probably|must",
        "try|use|see|check|just|look|read|run|replace|add|note|make|remember|consider",
    ),
    "troubled": (
        "i'm|im|i trying|having|getting|stuck|seeing|struggling|confused|unable|not",
        "i am|was trying|having|getting|stuck|seeing|struggling|confused|unable|not",
        "having|getting|trying|struggling|stuck|seeing|running",
        "i can't|cannot|couldn't|get|got|keep|tried|want|wanted|encountered",
        (
            "i have|had|encounter|keep encountered|problem|problems|issue|issues"
            "|trouble|getting"
        ),
        (
            "i have|had|got a|an|some problem|issue|trouble|error|question|weird"
            "|strange|hard"
        ),
        "when|whenever|if|after i",
    ),
}

INSIDE: dict[str, tuple[str, ...]] = {
    "calls for anyone": (
        (
            "anyone|anybody|someone|y'all know|knows|else|here|have|has|tried|seen"
            "|familiar"
        ),
        (
            "does|do|has|have|can|could|would|is|if|whether anyone|anybody|someone"
            "|somebody"
        ),
        "any|some of you|y'all",
        "you guys|folks",
    ),
    "any": (
        (
            "any idea|ideas|thoughts|tips|suggestions|suggestion|pointers|hints"
            "|advice|clue"
        ),
        "any way|recommendations|chance|reason|help|workaround|plans|caveats|examples",
    ),
    "is there": (
        "is|are|was|were there a|an|any|some|something|anything|anyone|other|another",
        (
            "is it|this|that possible|normal|expected|correct|ok|okay|safe|intended"
            "|supposed"
        ),
        "a|any|some|another|better way to|of|that|around|how|i|without",
        "is|would|was it|this|that|there possible|feasible|doable|reasonable|me|any|a",
    ),
    "how do i": (
        f"how|what|where|which|why do|can|should|could|would|does|did|might|am {_I}",
        "how|what|where|why is|are|does|do|would|should the|it|this|that|these|there",
        "should|can|could|do|am|may i",
        (
            "what the|is|are|difference|differences|wrong|meaning between|is|with"
            "|of|difference"
        ),
        (
            "what|which|whats is|are|would|could|might the|best|be|happening|going"
            "|wrong|problem"
        ),
        "whats|what's|wheres|where's|hows|how's the|a|best|wrong|up|going",
        "would you|anyone recommend|suggest",
    ),
    "wonders": (
        "wondering|curious|interested|ask|asking if|whether|how|what|why|about",
        "wondering|curious is|where|when|which|can|who|anyone|any|to|there|of",
        "wanted|want|wish|like to check|confirm|verify",
        "quick|brief question|confirmation|sanity",
        "wanted|want|like to ask|know|understand",
        "tell me|us if|whether|why|how|what",
        "trying|try to understand|figure",
    ),
    "muses": (
        "was|am|i'm|been|got wondering|curious",
        "i|we|me|makes|one wonder",
        "wonder if|whether|how|what|why|about|is|where|when|which",
    ),
    "has a question": (
        "i have|had|got a|one|some|two|another|this question|questions",
        "quick|stupid|dumb|simple|basic|silly|niche|naive|newbie|beginner question|q",
        "question|questions about|on|regarding",
    ),
    "lost": (
        "idk|dunno how|what|why|where|which",
        (
            "don't|dont|can't|couldn't|cannot|not|didn't know|understand|see|find"
            "|figure|get|remember how|what|why|where|which|out"
        ),
        (
            "not|isn't|am|unclear|unsure|no|any sure|clear|unsure|idea|clue how"
            "|what|why|where|which"
        ),
        "i don't|dont|didn't understand",
        "no|any clue|idea",
        "confused|puzzled|stuck|lost",
        "what|where am i doing|missing",
        "what i'm|im|i doing|missing",
    ),
    "fails to": (
        "can't|couldn't|cannot|didn't|haven't|not find|found|figure|figured|seem|get",
        "no|without luck|success|succes|avail",
        "unable to",
        "isn't|not able to",
    ),
    "unsure": (
        "not|isn't|no|never sure|clear|certain|idea if|whether|it|about|that|exactly",
        "don't|didn't know|understand if|whether|it|the|any|this|that",
        "for some reason",
        "for|by mistake",
    ),
    "wants help": (
        "would|i'd|i like|love to know|learn|understand|hear|see",
        "any|some help|advice|tips|pointers|guidance|info|input|hints",
        "input|advice|help|hints|pointers|info|link|guidance would|is|are",
        "struggling|stuck|out to|with|of|trying|on",
        "needs|needed|want|wants help|advice",
        "need|appreciate|any|some|for|please help|assistance|guidance|advice|pointers",
        "help me|us|would|please|appreciated|needed",
        "highly|greatly|much|be|really appreciate|appreciated|grateful",
        "looking|searching for",
        "point|guide|direct|tell|show|enlighten me|us",
        "recommend|recommendations|explain|clarify|elaborate",
        "thanks|thank in|you advance",
        "tell|enlighten me|us whether",
    ),
    "error": (
        (
            "get|getting|got|gives|throws|gave|seeing a|an|the|this|some|following"
            "|error|errors|weird|strange|stuck"
        ),
        "an|the|this|following|that|same|weird|strange error|errors|warning|exception",
        "error|errors|message",
        "loaderror|loaderrors|exception|stacktrace|segfault|traceback",
    ),
    "trouble": (
        (
            "doesn't|does|don't|isn't|didn't|not|won't|stopped|stop|wont|doesnt"
            "|dont|didnt work|working|seem|compile|update|load|show|converge"
            "|install|run|build"
        ),
        "broken|slow|slower|hanging|wrong|difficulties|difficulty|hard",
        (
            "a|an|some|the|having|have|with|weird|strange issue|issues|trouble"
            "|problem|problems"
        ),
        "fails|failing|crashes|hangs|freezes|breaks|segfaults",
        "weird|strange|weirdly|somehow|unexpected|surprised",
        "supposed|expected to",
        "running|ran|run into",
    ),
    "tries": (
        "trying|tried to|it|the|this|using|with|different",
        "i|and|but|we want|wanted|need to|a|an|it",
        "would|i'd|we'd like|love to|a",
        "minimal working|example",
        "mwe",
    ),
    "perhaps": (
        "maybe|perhaps|probably|iirc|afaik|possibly|presumably|likely",
        "i|i'd guess|suspect|believe|suppose|assume",
        "i|i'd think|say",
        "might|may be|have|help|just|also",
        "or something",
    ),
    "proposes": (
        "why not|don't",
        "maybe|perhaps we|you|try|just|it|the|a|use",
        "we|you|i|one could|can|should",
        "what if",
        "how|what about",
        "instead|better|rather|shall",
    ),
    "thanks": ("thanks|thank|thx|cheers|ty",),
    "offers": (
        "let|lemme me know",
        "lemme know",
        "happy|glad|free to",
        "feel free",
        "announce|announcing|released|registered|reminder|announcement",
        "check it|this|out",
        "prs",
        "pr|prs|pull|merge|merged|review",
    ),
    "offers help": (
        "if you|anyone|anybody|someone need|needs|want|wants|have|has|like",
    ),
    "reports": ("said|asked|asks|wondered",),
    "you": ("you|your|you're|you've",),
    "me": ("i|my|me|i'm|i've|im",),
    "they": ("he|she|they|people|his|her|their",),
}
