"""Texts that stand where a caption should and are none: a model's refusal, a file name, a placeholder, a stray tag.

Stage 3 of the Qwen-Image report (arXiv 2508.02324) drops such captions. A refusal speaks of its writer, who cannot
do something, or opens with a set phrase; captions do neither outside quotation marks, whatever signs they quote.
"""

from __future__ import annotations

import re

READ = 300
"""Characters looked at: longer texts are placeholders only where tags say so."""

_CANNOT = (
    r"(?:can ?not|can't|could not|couldn't|will not|won't|do not|don't|am unable to|'m unable to|are unable to|"
    r"am not able to|'m not able to|are not able to)"
)
_DO = (
    r"(?:access|analy[sz]e|annotate|answer|assist|caption|comply|complete|create|describe|determine|discuss|find|"
    r"fulfill?|generate|give|have|help|identify|open|process|produce|provide|recogni[sz]e|respond|see|view|write)"
)
_OPENINGS = (
    r"(?:i am|i'm|we are|we're)(?: \w+)? sorry\b",
    r"(?:so |very )?sorry(?: ?[,.;:!-]+ ?(?:but |that )?| but | that )(?:i|we)\b",
    r"(?:so |very |\W)*sorry\W*$",
    r"(?:my |i |we )?(?:sincerely )?apologi(?:es|[sz]e)\b[ ,.]+(?:but|for|i|we|as)\b",
    r"(?:unfortunately|regrettably)[ ,]+(?:i|we|there is no image|no image|the image (?:is not|cannot|could not))\b",
    r"as an? (?:ai|artificial intelligence|(?:large |vision )?language model)\b[^.]{0,60}[ ,]i\b",
    r"i(?:'m| am)(?: just| only)? an? (?:ai|(?:large |vision )?language model)\b",
    rf"(?:i|we) ?{_CANNOT} (?:be able to )?(?:\w+ ){{0,2}}?{_DO}\b",
    r"i(?: regret|'m afraid| am afraid)(?: that)? i\b",
    rf"(?:unable|not able) to {_DO}\b",
    r"(?:it (?:seems|appears|looks)(?: like| that)? )?(?:there (?:is|was|seems to be|appears to be) )?no image "
    r"(?:was |is |has been )?(?:attached|found|given|provided|received|supplied|uploaded|to describe)\b",
    r"(?:the|this|your) (?:image|file|link|url) (?:cannot|can't|could not|couldn't) be \w+ed\b",
    r"(?:the|this|your) (?:image|photo|picture) (?:is|seems|appears) too \w+ (?:for me|to (?:describe|identify))",
    r"th(?:is|e) (?:content|image|request) (?:may |might |seems to )?(?:violates?|goes? against)\b",
    r"(?:can|could|would) you (?:please )?(?:re)?(?:attach|provide|send|share|upload)\b",
    r"please (?:attach|provide|send|share|upload) (?:an?|me|the|your)\b[^.]{0,20} ?(?:image|photo|picture)\b",
    r"i would need to see\b",
    r"(?:我)?(?:很|非常|十分|深感|真的)?(?:抱歉|遗憾|对不起|不好意思)[\W_]*(?:但|我|作为|由于|因为|无法|不能|没有|[这该]|您|你|图|$)",
    r"(?:我|本人|本模型|本助手)(?:目前|暂时|现在|还)?(?:无法|不能|没有?办法|没法|不会)(?:直接|为|给|对|向)?"
    r"(?:[您你这该])?.{0,4}(?:提供|描述|查看|看到|看见|识别|回答|生成|处理|分析|协助|帮助|满足|完成|访问|打开|讨论)",
    r"作为(?:一个|一名|一款)?(?:ai|人工智能|(?:大型?)?语言模型|大模型|智能助手).{0,20}(?:我|无法|不能)",
    r"(?:暂时|目前)?(?:无法|不能)(?:提供|描述|查看|识别|生成|处理|分析|访问|加载)(?:对|有关|关于)?(?:该|这|此|您|你|任何|图)",
    r"(?:暂时|目前)?(?:无法|不能)为(?:该|这|此|您|你)",
    r"(?:由于|因为|根据).{0,20}我(?:们)?(?:无法|不能)",
    r"(?:该|这张|此|您的)?图[片像](?:加载|上传|读取|打开)失败",
    r"(?:该|这张|此|您的)?图[片像](?:无法|不能)(?:被)?(?:显示|加载|打开|识别|查看)",
    r"(?:您|你|我)?(?:还)?(?:没有|未|尚未)(?:看到|收到|提供|上传)(?:任何|您的|你的)?图[片像]",
    r"请(?:您|你)?(?:先|重新|再次)?(?:提供|上传|发送)(?:一张|该|您的|你的|清晰的)?图[片像]",
)
_OPENING = re.compile("|".join(_OPENINGS))
_ANYWHERE = re.compile(
    rf"\b(?:i|we)(?:'\w+)?(?: \w+){{0,2}} {_CANNOT} (?:be able to )?(?:\w+ ){{0,2}}?{_DO}\b"
    rf"|\bi(?: \w+){{0,2}} decline to {_DO}\b|\bi(?: am|'m) not comfortable\b|\bmy (?:guidelines|programming)\b"
    r"|我(?:们)?(?:目前|暂时|现在|还|也)*(?:无法|不能|看不[到见清]|没有能力|不具备).{0,6}"
    r"(?:提供|描述|查看|看到|看见|识别|回答|生成|处理|分析|协助|访问|讨论|图[片像]|图$)"
)
_QUOTED = re.compile(r"\"[^\"]*(?:\"|$)|[“「『《][^”」』》]*(?:[”」』》]|$)|(?<!\w)'.*?(?:'(?!\w)|$)")

_WORDS = (
    r"alt|alt text|caption|default|description|image|img|media|n[/.]?a|nan|null|none|photo|photograph|pic|picture|"
    r"placeholder|screenshot|tbd|text|thumbnail|todo|undefined|unknown|unnamed|untitled(?: design)?|"
    r"(?:no|missing|add|insert|enter) (?:an? )?(?:alt text|caption|description|image|title)(?: available)?|"
    r"图|图片|图像|照片|截图|描述|标题|无|无标题|未命名|占位图|暂无(?:图片|描述|标题|说明)?|图片(?:描述|说明|标题)|"
    r"(?:请|在此)输入.{0,6}(?:描述|标题|说明)"
)
_WHOLE = (
    rf"[\W_]*(?:{_WORDS})(?: here)?[\W_]*(?:no)?[\W_\d]*",
    r"(?:img|dsc[fn]?|pict|p|dcim|mvi|gopr|pxl|wp|screen ?shot)[ _-]?\d[\d _.,()-]*(?:\w{2,4})?",
    r".{1,80}\.(?:jpe?g|png|gif|webp|bmp|tiff?|heic|avif|psd|svg)",
    r"(?:https?://|www\.)\S+",
    r"\W*(?:error|exception)(?: ?:.{0,80}|[\W\d]*)",
    r"lorem ipsum\b.*",
)
_PLACEHOLDER = re.compile("|".join(_WHOLE))
_TAG = re.compile(
    r"<\|?/?(?:image|im_start|im_end|endoftext|s|unk|pad|a|p|br|div|span|img|b|i|em|strong|html)\b[^<>]{0,200}>"
    r"|\{\{\s*\w+\s*\}\}|^\W*\{\w+\}\W*$|&(?:nbsp|amp|lt|gt|quot);",
    re.IGNORECASE,
)


def refuses(text: str) -> bool:
    """Whether `text` declines to describe ("Sorry, I cannot provide a caption…"), in English or Chinese."""
    words = " ".join(text[:READ].replace("\u2019", "'").casefold().split()).lstrip(" *_#>-")
    return bool(_OPENING.match(words) or _ANYWHERE.search(_QUOTED.sub("", words)))


def is_placeholder(text: str) -> bool:
    """Whether `text` is no sentence about anything: nothing, no letters, a file name, an address, one of the words
    that programs put there ("untitled(?: design)?", "image 1"), or text with tags or marks of a template left in it."""
    if not any(map(str.isalpha, text)) or _TAG.search(text):
        return True
    return len(text) <= READ and _PLACEHOLDER.fullmatch(" ".join(text.casefold().split())) is not None
