"""What an explanation of tags is called in the user's language."""

from __future__ import annotations

from searcher.messages import _


def evidence_kinds() -> dict[str, str]:
    """Return what each `Evidence.kind` is called."""
    return {
        "authority": _("authority"),
        "scene": _("scene"),
        "plain": _("named"),
        "route": _("on the way"),
        "home": _("home"),
        "aside": _("other use"),
        "street": _("street"),
        "landmark": _("park, school"),
        "person": _("other name"),
        "names": _("names it"),
        "signs": _("sign"),
        "hints": _("hint"),
        "offices": _("office, law"),
        "listed": _("in a list, in passing"),
        "doubtful": _("goes with it"),
        "others": _("looks alike"),
    }


def place_parts() -> dict[str, str]:
    """Return what the parts of a province's score are called."""
    return {
        "start": _("before anything is known"),
        "title": _("in the title"),
        "lead": _("in the lead"),
        "authority": _("with an authority"),
        "scene": _("as the scene"),
        "plain": _("just named"),
        "route": _("on the way"),
        "home": _("as a home"),
        "share": _("its share of all places"),
        "only_home": _("only as a home"),
        "late": _("how late it is named"),
        "density": _("how often for the length"),
        "detail": _("in detail"),
        "listed": _("in lists"),
        "capital": _("one of the big cities"),
        "spot": _("a place in it as the scene"),
        "end": _("only at the end"),
        "ways": _("a story of ways"),
        "nation": _("a story of the whole country"),
        "national": _("the whole country up top"),
        "own": _("its own paper"),
    }


def topic_parts() -> dict[str, str]:
    """Return what the parts of a topic's score are called."""
    return {
        "start": _("before anything is known"),
        "title": _("in the title"),
        "lead": _("in the lead"),
        "opening": _("in the opening"),
        "amount": _("how much"),
        "density": _("how much for the length"),
        "variety": _("different words"),
        "offices": _("offices and laws"),
        "hints": _("hints"),
        "spread": _("all over the text"),
        "listed": _("in lists"),
        "share": _("its share of all topics"),
        "charged": _("held to account for it"),
        "once": _("in one sentence only"),
        "joint": _("one of a programme's parts"),
    }
