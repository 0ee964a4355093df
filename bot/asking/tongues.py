# ruff: noqa: RUF001 - other languages have other letters
"""How other languages ask, as far as single words and endings tell.

There is nothing here to learn from labels: what is found counts as the English
feature it corresponds to. A marked sentence in another language is a plain
question, and an unmarked one asks when it opens or ends as questions do there.
"""

from bot.asking.table import words

# Openers that begin a question with or without its mark, the first words of a
# clause, by language: es, pt, it, fr, de, nl, pl, cs, ru, uk, tr, ar, hi, id.
OPENERS = (
    "cómo|qué|dónde|cuándo|cuál|cuáles|quién",
    "por qué",
    "alguien|alguno sabe|conoce|tiene|ha|puede|podría",
    "hay alguna|alguien|algún manera|forma|que|modo",
    "alguém sabe|conhece|tem|pode|já|poderia",
    "por que|quê",
    "onde|qual|quais|quando posso|é|são|fica|está|tem",
    "como faço|fazer|posso|é|se|instalo|configuro|uso",
    "qualcuno|nessuno sa|conosce|ha|può|potrebbe",
    "come|dove|quando|perché|quale|cosa posso|si|è|sono|faccio|funziona|non|devo|trovo",
    "c'è un|qualcuno|una|modo",
    "comment|pourquoi|combien|où|quand|quel|quelle|quels|quelles",
    "est ce que",
    "qu'est|est ce|ce|que",
    "quelqu'un sait|a|connaît|connait|peut|pourrait|aurait",
    "qui sait|connaît|peut",
    "y a t",
    "savez|sais|connaissez|avez|peut|puis|pouvez vous|tu|on|je",
    "wie|warum|wieso|weshalb|wo|wohin|woher|wann|wer|welche|welcher|welches|womit|wozu",
    "weiß|weiss|kennt|hat|kann|könnte|benutzt|nutzt jemand|wer|einer|mir|man|ich",
    "gibt es",
    "hoe|waarom|waar|wanneer|welke|wie|wat kan|moet|is|zijn|werkt|doe|krijg|weet|heeft",
    "weet|heeft|kent|kan iemand",
    "jak|dlaczego|gdzie|kiedy|czy|kto|który|która|jaki|jakie",
    "jak|proč|kde|kdy|kdo|který|kolik",
    "как|почему|что|где|кто|когда|зачем|какой|какая|какие|сколько|куда",
    "подскажите|есть|кто пожалуйста|ли|нибудь|то",
    "як|чому|де|хто|коли|чи|який|яка|які|скільки|навіщо",
    "nasıl|neden|niye|nerede|hangi|kim|kaç",
    "هل|كيف|لماذا|ما|ماذا|أين|متى|من|أي",
    "क्या|कैसे|क्यों|कहाँ|कब|कौन",
    "apa|apakah|bagaimana|gimana|mengapa|kenapa|dimana|kapan|siapa",
    "ada yang tahu|tau|bisa|punya|pernah",
)
# The same, anywhere in a clause.
INSIDE = (
    "alguien sabe|puede",
    "alguém sabe|pode",
    "qualcuno sa|può",
    "quelqu'un sait|a|pourrait",
    "weiß|weiss|kennt|hat jemand",
    "kann mir|jemand jemand",
    "weet iemand",
    "ktoś|ktokolwiek wie",
    "кто нибудь|то",
    "musun|musunuz|mısın|mısınız|misin|misiniz|müsün",
    "क्या|कैसे|क्यों|कहाँ|कौन|किसे",
    "nasıl|neden|niye|nerede|hangi",
    "أحد|احد|أحدكم يعرف",
)
TROUBLE = (
    "j'ai besoin",
    "besoin d'aide",
    "n'arrive pas",
    "necesito ayuda",
    "preciso de",
    "ho bisogno",
    "brauche hilfe",
    "funktioniert|klappt nicht",
    "ne fonctionne|marche",
    "no funciona|puedo",
    "não funciona|consigo",
    "non funziona|riesco",
    "nie działa|mogę",
    "не работает|получается|могу|понимаю",
    "не працює|можу",
)
GREETINGS = (
    "cómo|como|qué|que estás|están|está|va|vai|tal|estais",
    "tudo bem|bom",
    "come va|stai|state",
    "comment ça|allez|vas|va",
    "ça|ca va",
    "quoi de",
    "wie geht's|geht|gehts",
    "alles klar|gut",
    "was geht",
    "hoe gaat",
    "jak się|leci",
    "как дела|жизнь|вы|ты",
    "як справи",
    "nasılsın",
    "nasılsınız",
    "كيف حالك|الحال|حالكم",
    "apa kabar",
)
# Last word of a clause in languages that ask with a particle; Turkish "mi",
# Russian and Bulgarian "ли".
ENDING_WORDS = words("mi mı mu mü midir mıdır ли")
# Scripts without spaces between words: the end of a clause …
ENDINGS = (
    *("吗", "嗎", "呢", "么", "か", "かな", "かね"),
    *("까", "까요", "나요", "가요", "냐"),
)
# … and what is enough anywhere in one.
ANYWHERE = (
    *(
        "什么",
        "什麼",
        "怎么",
        "怎麼",
        "如何",
        "为什么",
        "為什麼",
        "谁知道",
        "誰知道",
        "有没有",
    ),
    *(
        "哪里",
        "哪裡",
        "是否",
        "どう",
        "なぜ",
        "どこ",
        "教えて",
        "誰か",
        "어떻게",
        "왜",
        "무엇",
    ),
    *("어디", "누가"),
)
# Common words that are neither English nor names of things: with one of them and
# none of `ENGLISH`, a sentence is taken to be in another language.
MARKERS = words(
    "el la los las una que para del es hay cómo como alguien sabe gracias"
    " le les des du et est dans pas sur avec une ce je vous nous quelqu'un"
    " der das und ist nicht ein eine mit für auf ich wir den dem jemand wie gibt"
    " uma não em você alguém posso faço gli che sono qualcuno posso riesco"
    " het een van niet ik zijn voor nie się jest czy jak gdzie dlaczego"
    " bir ve bu için neden hangi nerede yang ini di untuk dengan"
    " apa apakah bagaimana mengapa kenapa gimana ada pourquoi warum hoe waarom"
)
ENGLISH = words(
    "the and of you it that this with are have not what how for my your i if"
    " can do does is there be but we they from at which would should could why"
    " any anyone has was it's i'm don't just"
)
