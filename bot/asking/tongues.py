# ruff: noqa: RUF001 - other languages have other letters
"""How other languages ask, as far as single words and endings tell.

There is nothing here to learn from labels: what is found counts as the English
feature it corresponds to. A marked sentence in another language is a plain
question, and an unmarked one asks when it opens or ends as questions do there.
"""

import re

from bot.asking.table import words

# Openers that begin a question with or without its mark, the first words of a
# clause, by language: es, pt, it, fr, de, nl, pl, cs, ru, uk, tr, ar, hi, id.
OPENERS = (
    "czy|чи|هل|क्या|apakah",
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
    "est ce que",
    "qu'est|est ce|ce|que",
    "quelqu'un sait|a|connaît|connait|peut|pourrait|aurait",
    "qui sait|connaît|peut",
    "y a t",
    "savez|sais|connaissez|avez|peut|puis|pouvez vous|tu|on|je",
    "weiß|weiss|kennt|hat|kann|könnte|benutzt|nutzt jemand|wer|einer|mir|man|ich",
    "jemand eine|ne|'ne idee|ahnung",
    "gibt es",
    "hoe|waarom|waar|wanneer|welke|wie|wat kan|moet|is|zijn|werkt|doe|krijg|weet|heeft",
    "waar vind|staat|zit|komt",
    "weet|heeft|kent|kan iemand",
    "подскажите пожалуйста",
    "кто нибудь",
    "у|в кого",
    "есть|можно|нужно|надо|стоит ли",
    "ما هو|هي|هذا|هذه|الفرق|معنى|سبب|أفضل|المشكلة|الطريقة|رأيكم",
    "من هو|هي|هنا|منكم|يعرف|يستطيع|يمكنه|لديه|عنده|جرب|المسؤول",
    "ada yang tahu|tau|bisa|punya|pernah",
    "có ai biết|đã|từng|dùng|có",
)
# Words that open a question, or half a sentence that tells ("who finds it, …").
WH_WORDS = (
    "cómo|qué|dónde|cuándo|cuál|cuáles|quién",
    "comment|pourquoi|combien|où|quand|quel|quelle|quels|quelles",
    "wie|warum|wieso|weshalb|wo|wohin|woher|wann|wer|welche|welcher|welches|womit|wozu",
    "jak|dlaczego|gdzie|kiedy|kto|który|która|jaki|jakie",
    "jak|proč|kde|kdy|kdo|který|kolik",
    "как|почему|что|где|кто|когда|зачем|какой|какая|какие|сколько|куда",
    "як|чому|де|хто|коли|який|яка|які|скільки|навіщо",
    "nasıl|neden|niye|nerede|hangi|kim|kaç",
    "كيف|لماذا|ماذا|أين|متى|أي",
    "कैसे|क्यों|कहाँ|कब|कौन",
    "apa|bagaimana|gimana|mengapa|kenapa|dimana|kapan|siapa",
)
# What opens as a question does and tells: "as always", "somebody", "what a pity".
TELLINGS = (
    "qué bueno|buena|buenos|buenas|bien|mal|pena|lástima|alegría|gracia|risa",
    "que|qual|quando pena|bom|boa|quiser|puder",
    "quel|quelle|quels|quelles dommage|plaisir|horreur|surprise|honte|bonne|beau|belle",
    "quand je|j'aurai|tu|il|elle|on|nous|vous|ils|le|la|les|un|une",
    "où que",
    "wie besprochen|gesagt|immer|versprochen|angekündigt|erwähnt|gewohnt|üblich",
    "wie geplant|vereinbart|gewünscht|erwartet|schade|oben|bereits|schon",
    "was ich|wir|mich|uns|man",
    "wo|wann|wer ich|wir|auch|immer|will|möchte|mag",
    "wat een|leuk|fijn|mooi|goed|jammer",
    "hoe dan",
    "jak mówiłem|mówiłam|pisałem|pisałam|zwykle|zawsze|obiecałem|obiecałam|tylko|widać",
    "jak jsem|jsme|vždy|obvykle|slíbeno",
    "kto|kdo chce|chciałby",
    "kiedy tylko|ja|już",
    "как и|обычно|всегда|только|раз|будто|говорил|говорила|договаривались|видно",
    "как|что|кто|где|когда|какой|какая|какие то",
    "что касается|ж",
    "кто хочет",
    "сколько можно",
    "як завжди|і|зазвичай|тільки|домовлялись|домовлялися|обіцяв|обіцяла",
    "хто хоче",
    "متى ما",
    "أي شخص",
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
    "кто нибудь",
    "кто то знает|может|пробовал|сталкивался|подскажет|подскажите",
    "musun|musunuz|mısın|mısınız|misin|misiniz|müsün",
    "क्या|कैसे|क्यों|कहाँ|कौन|किसे",
    "nasıl|neden|niye|nerede|hangi|kimde|kimin",
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
# Scripts without spaces between words: the end of a clause, …
ENDINGS = tuple(
    words(
        "吗 嗎 呢 么 か かな かね ไหม มั้ย หรือเปล่า"
        " 까요 습니까 입니까 합니까 됩니까 할까 될까 일까 볼까"
        " 나요 인가요 건가요 은가요 한가요 는가요 신가요 던가요 냐"
    )
)
# … what is enough anywhere in one, …
PLEAS = words("教えて 请问 請問 有没有 谁知道 誰知道 谁有 誰有 ใครรู้")
# … or in one that does not end as what is told in full does.
ANYWHERE = words(
    "什么 什麼 怎么 怎麼 如何 为什么 為什麼 哪里 哪裡 在哪 是否"
    " どう なぜ どこ 誰か 어떻게 왜 무엇 어디 누가"
    " ที่ไหน ยังไง อย่างไร ทำไม"
)
TOLD = tuple(words("니다 네요 게요 ました ません でした です ます"))
# What holds one of these and asks nothing: "thank you", "whether", "because",
# "somewhere", "I know how", "an error occurs".
NOT_ASKING = re.compile(
    "どうも|どうやら|どうぞ|どうせ|どうにか|かどうか|とか|しか|誰かが|誰かの|どこか"
    "|教えてくれて|教えていただ|教えてもら"
    "|왜냐|니까요| 나요|일어나요|어떻게든|무엇보다|무엇이든|어디든|어딘가"
    "|没什么|沒什麼|不怎么|怎么说呢|什么时候都|么都|麼都|里都|裡都|无论如何|無論如何"
    "|就是为什么|就是為什麼|我知道怎么|我知道怎麼|我知道如何|我知道为什么"
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
    " can does is there be but we they from at which would should could why"
    " any anyone has was it's i'm don't just"
)
