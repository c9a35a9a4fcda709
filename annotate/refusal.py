"""Whether a text declines to describe the image ("Sorry, I cannot provide a caption…") instead of doing it.

The Qwen-Image report (arXiv 2508.02324, stage 3) drops such captions. A refusal speaks of itself in the first
person, at its very start and outside quotation marks; a caption never does, whatever signs it quotes.
"""

from __future__ import annotations

import re

READ = 300
"""Characters looked at."""

_HELP = (
    "(?:provide|describe|caption|annotate|assist|help|comply|fulfill?|generate|create|produce|process|analy[sz]e|"
    "identify|recogni[sz]e|see|view|access|open|answer|respond|give|write|do|continue|discuss)"
)
_CANNOT = (
    "(?:(?:can ?not|can't|couldn't|could not|won't|will not|do not|don't) |"
    "(?:am|'m|are|'re) (?:unable|not able|not going) to )"
)

_ENGLISH = (
    r"(?:i am|i'm|we are|we're) (?:very |so |really |truly )?sorry\b",
    r"(?:very |so )?sorry[,.;:! -]+(?:but |that )?(?:i|we)(?:'| (?:am|are|can|could|will|do|was|were|have)|$)",
    r"(?:my |i |we )?(?:sincerely )?apologi(?:es|[sz]e)\b[,. ]+(?:but|for|i|we|as)\b",
    r"(?:unfortunately|regrettably|sorry)[,. ]+(?:but )?(?:i|we|there is no image|no image)\b",
    r"as an? (?:ai|artificial intelligence|(?:large |vision )?language model)\b[^.]{0,60}[, ]i\b",
    r"i(?:'m| am) (?:just |only )?an? (?:ai|(?:large |vision )?language model)\b",
    rf"(?:i|we) ?{_CANNOT}(?:\w+ ){{0,2}}?{_HELP}\b",
    rf"(?:unable|not able) to {_HELP}\b",
    r"no image (?:was |is |has been )?(?:provided|attached|given|uploaded|supplied|received)\b",
    r"(?:the|this|your) image (?:cannot|can't|could not) be (?:described|loaded|displayed|processed|accessed|opened)\b",
    r"please (?:provide|upload|share|attach|send) (?:an?|the|your|me)\b[^.]{0,20} image\b",
)
_CHINESE = (
    "(?:我)?(?:很|非常|十分|深感|真的)?(?:抱歉|遗憾|对不起|不好意思)[\\W_]*(?:但是?)?"
    "(?:我|作为|由于|因为|无法|不能|未能|没有|该图|这张图|这幅图|您|你|图[片像]|$)",
    "(?:我|本人|本模型|本助手)(?:目前|暂时|现在|还)?(?:无法|不能|不可以|没有办法|没办法|没法|不会)"
    "(?:直接|为|给|对|向|提供|描述|查看|看到|看见|识别|回答|生成|处理|分析|协助|帮助|满足|继续|完成|访问|打开|讨论)",
    "作为(?:一个|一名|一款)?(?:ai|人工智能|(?:大型?)?语言模型|大模型|智能助手)[^。]{0,20}(?:我|无法|不能)",
    "(?:无法|不能)(?:提供|描述|查看|识别|生成|处理|分析|访问|加载)(?:对|有关|关于)?(?:该|这|此|您|你|任何|图)",
    "(?:没有|未|尚未)(?:看到|收到|提供|上传)(?:任何|您的|你的)?图[片像]",
    "请(?:您|你)?(?:先|重新)?(?:提供|上传|发送)(?:一张|该|您的|你的|清晰的)?图[片像]",
)
_REFUSAL = re.compile("|".join(_ENGLISH + _CHINESE))


def refuses(text: str) -> bool:
    """Whether `text`, a caption or a whole reply, starts as a refusal does, in English or Chinese."""
    words = " ".join(text[:READ].replace("\u2019", "'").casefold().split())
    return _REFUSAL.match(words.lstrip(" *_#>-")) is not None
