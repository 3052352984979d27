"""Every topic of the seed texts has a home, and every claim that had to be corrected is said as corrected.

The topics are those of facts 7. Each is mapped to the template that holds it, with words that stand there.
"""

from __future__ import annotations

import pytest

from ldn_print.extract import Extractor
from ldn_print.messages import SourceMessage
from ldn_print.models import Leaflet
from tests.conftest import HANDOUTS

_SECTIONS = "templates/sections"
# Topic -> (file, words of a message in it). Condition files are named with their id.
TOPICS = {
    "what naltrexone is for at full dose": ("guide-about-ldn", "tablets treat opioid addiction in the US"),
    "when it was approved": ("guide-about-ldn", "Since {approved}"),
    "a low dose is about a tenth": ("what-it-is", "LDN is a very small dose"),
    "no dose is named, the prescriber writes it": ("steps", "Take only your row below"),
    "no step plan is better": ("guide-dose", "No plan is known to be best"),
    "it blocks, it does not activate": ("what-it-is", "Naltrexone blocks opioids"),
    "how it may work is a theory": ("guide-about-ldn", "This is not proven in people"),
    "off-label": ("what-it-is", "(<b>off-label</b>)"),
    "compounded": ("what-it-is", "compounding pharmacy"),
    "never with opioids": ("warning", "Do not take any opioid with LDN."),
    "tramadol is an opioid": ("warning", "tramadol"),
    "hidden opioids": ("guide-medicines", "kratom, tianeptine, heroin"),
    "opioid-free time is the prescriber's to set": ("guide-medicines", "Call us first."),
    "opioids are never stopped suddenly for LDN": ("guide-medicines", "Never stop it suddenly on your own."),
    "taking more opioid to get past LDN": (
        "guide-medicines",
        "More opioid to get past LDN can stop your breathing.",
    ),
    "LDN is no treatment for addiction": ("guide-about-ldn", "It does not treat addiction."),
    "no dependence": ("guide-about-ldn", "LDN is not addictive."),
    "not for everyone: opioids, allergy, liver": ("before-you-start", "Do not take LDN"),
    "kidney and liver disease": ("before-you-start", "Hepatitis, liver or kidney disease"),
    "mood and suicide": ("before-you-start", "Depression, thoughts of suicide"),
    "allergy to fillers": ("before-you-start", "milk sugar, dyes"),
    "pregnancy": ("daily-life", "Not enough is known."),
    "breastfeeding": ("daily-life", "Ask us and the baby's doctor first."),
    "adults only": ("guide-about-ldn", "children, people on opioids"),
    "side effects are mild for most": ("side-effects", "Most are mild."),
    "about as many side effects on a dummy pill": ("side-effects", "about as many side effects"),
    "vivid dreams": ("side-effects", "Only vivid dreams are clearly more common"),
    "headache and dizziness": ("side-effects", "Headache, dizzy"),
    "side effects often ease": ("side-effects", "Often ease in weeks."),
    "weeks to months until it can be judged": ("guide-dose", "About {months} months at the same dose"),
    "how to stop": ("daily-life", "Stopping LDN"),
    "long-term use": ("guide-about-ldn", "Unknown. The longest good study"),
    "tablets are never split": ("steps", "Never split or crush"),
    "storage": ("daily-life", "away from children"),
    "alcohol": ("daily-life", "Heavy drinking strains the liver."),
    "driving": ("daily-life", "Wait until you know how LDN affects you."),
    "surgery and dentist": ("daily-life", "They say when to stop and start."),
    "cost varies": ("daily-life", "Ask the pharmacy for the price"),
    "other care goes on": ("guide-about-ldn", "sleep, movement, relaxing, therapy"),
    "severe injury and cancer pain": ("guide-about-ldn", "pain from a bad injury, surgery or cancer"),
    "other pain medicine": ("guide-medicines", "ask your pharmacist"),
    "immune medicine": ("guide-medicines", "After a transplant, ask that team first."),
    "talk with the provider": ("guide-ask", "Why LDN for me?"),
    "it does not replace advice": ("about", "It does not replace your provider's advice."),
    "fibromyalgia: the larger trials were negative": ("fibromyalgia", "Then {large} larger studies were done"),
    "MS: one trial saw better mood, one nothing": ("multiple-sclerosis", "mood"),
    "MS: medicine goes on": ("multiple-sclerosis", "Do not skip or delay your MS medicine"),
    "Crohn's: very small studies": ("crohns-disease", "very small studies"),
    "colitis: no controlled trial": ("ulcerative-colitis", "dummy pill"),
    "CRPS: case reports": ("complex-regional-pain-syndrome", "Reports tell of only a few people with CRPS"),
    "arthritis: no benefit in a trial": ("inflammatory-arthritis", "LDN helped pain no more than a"),
    "back pain: case level": ("low-back-pain", "people"),
    "depression: the trial missed its goal": ("depression", "was not clearly better for mood"),
    "anxiety: no trial": ("anxiety", "No good study has tested LDN for anxiety."),
    "PTSD: no dummy pill": ("ptsd", "people"),
    "long-term pain goes on for months": ("chronic-pain", "Long-term pain goes on for months."),
    "pooled trials show no benefit": ("chronic-pain", "did not help long-term pain more than a dummy pill"),
}
# Words of the seeds that no message may carry, because the claim behind them is wrong (facts 7).
WRONG = (
    "40%", "six months", "pain thresholds", "immune regulator", "innate healing", "standard treatment",
    "very affordable", "under-utilized", "game changer", "pain-free", "safe for long-term", "Frontiers",
    "schedule a consultation",
    "World Journal", "activates", "introduced to the public", "help with their dependency", "natural relief",
)  # fmt: skip


@pytest.fixture(scope="module")
def messages(extractor: Extractor) -> tuple[SourceMessage, ...]:
    """Return every message of the library."""
    return extractor.library


@pytest.mark.parametrize("topic", TOPICS)
def test_topic_has_a_home(messages: tuple[SourceMessage, ...], topic: str) -> None:
    """Facts 7: the template that is named holds the topic, in these words."""
    home, words = TOPICS[topic]
    file = f"handouts/{home}/handout.html" if home in HANDOUTS else f"{_SECTIONS}/{home}.html"

    assert any(words in message.key.text for message in messages if message.file == file)


@pytest.mark.parametrize("handout", HANDOUTS)
def test_guide_holds_every_shared_topic(extractor: Extractor, handout: str) -> None:
    """The guide of every condition says all that is shared."""
    files = {message.file for message in extractor.messages(Leaflet(handout, "guide"))}

    shared = {f"{_SECTIONS}/{home}.html" for home, _ in TOPICS.values() if home not in HANDOUTS}
    assert shared <= files


@pytest.mark.parametrize("words", WRONG)
def test_wrong_claim_is_nowhere(messages: tuple[SourceMessage, ...], words: str) -> None:
    """What the facts call wrong, untraceable or advertising is in no message."""
    assert [message.place for message in messages if words.casefold() in message.key.text.casefold()] == []
