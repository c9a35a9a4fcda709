"""The engine against a server that fails as it is told: each fault ends as it should, nothing is lost or done twice."""

import asyncio
import json
import time
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.annotator import annotate
from annotate.engine import EngineError, EngineGone, ItemError, Reply, Request
from annotate.engines import chat
from annotate.engines.endpoint import jitter, seconds
from annotate.engines.openai import TRIES, OpenAI, base
from annotate.engines.probe import DEMAND, FLAG, SCHEMA, verdict
from annotate.picture import Picture, picture
from annotate.prompt import load
from tests.annotate import faults
from tests.annotate.server import OTHER, Server, digest

PROMPT = load("en")
JPEG = picture(np.full((448, 448, 3), 90, np.uint8)).jpeg


def item(number: int, raw_caption: str | None = None) -> Request:
    """A question about a picture of its own, as the bytes after a JPEG's end are nobody's."""
    shown = Picture(JPEG + number.to_bytes(4, "big"), 448, 448)
    return Request(f"{number}.jpg", PROMPT, shown, None, raw_caption, number, 2048)


def image_of(request: Request) -> str:
    return digest(request.picture.jpeg)


def expected(server: Server, request: Request) -> str:
    """What the server writes about the request's image and nothing else."""
    schema = {"json_schema": {"schema": request.prompt.schema(bool(request.raw_caption))}}
    return server.reply({"seed": request.seed, "response_format": schema}, image_of(request))


def engine(*servers: Server, **options) -> OpenAI:
    urls = [server.url for server in servers]
    return OpenAI(urls, None, PROMPT, **{"slots": 16, "backoff": 0.02, "timeout": 10.0, **options})


def completed(work: Coroutine):
    """Runs `work` to its end; what waits for ever fails."""
    return asyncio.run(asyncio.wait_for(work, 60))


async def run(asked: OpenAI, requests: Sequence[Request]) -> list[Reply | BaseException]:
    await asked.start()
    try:
        return await asyncio.gather(*map(asked.ask, requests), return_exceptions=True)
    finally:
        await asked.close()


def answers(server: Server, count: int = 1, **options) -> list[Reply | BaseException]:
    return completed(run(engine(server, **options), [item(number) for number in range(count)]))


def test_a_request_is_what_the_prompt_says():
    with Server() as server:
        request = item(7, raw_caption="A boat")
        reply = completed(run(engine(server), [request]))[0]
    assert reply.text == expected(server, request)
    assert (reply.finish, reply.completion_tokens) == ("stop", len(reply.text.encode()) // 4)
    system, user = server.last["messages"]
    assert system == {"role": "system", "content": PROMPT.system}
    before, shown, after = user["content"]
    assert (before["text"], after["text"]) == (PROMPT.instructions, PROMPT.after_image("A boat"))
    assert shown["image_url"]["url"].startswith("data:image/jpeg;base64,/9j/")
    assert server.last["response_format"]["json_schema"]["schema"] == PROMPT.schema(True)
    assert (server.last["seed"], server.last["max_completion_tokens"]) == (7, 2048)
    assert (server.last["temperature"], server.last["top_p"]) == (PROMPT.temperature, PROMPT.top_p)


def test_no_more_is_in_flight_than_there_are_slots_and_no_less():
    with Server(latency=0.02) as server:
        replies = answers(server, 80, slots=8)
    assert all(isinstance(reply, Reply) for reply in replies)
    assert server.most_at_once == 8
    assert set(server.ids.values()) == {1}


@pytest.mark.parametrize("fault", [fault for fault in faults.TRANSIENT if fault != "hang"])
def test_faults_of_the_way_pass(fault):
    with Server(faults.first(2, fault)) as server:
        replies = answers(server, 12)
        assert [reply.text for reply in replies] == [expected(server, item(number)) for number in range(12)]
    assert server.given[fault] == 24


def test_an_answer_that_never_comes_is_asked_for_again():
    with Server(faults.first(1, "hang")) as server:
        replies = answers(server, 4, timeout=0.3)
        assert [reply.text for reply in replies] == [expected(server, item(number)) for number in range(4)]


def test_a_slow_answer_is_waited_for():
    with Server(faults.first(1, "slow")) as server:
        assert isinstance(answers(server)[0], Reply)
    assert server.given["slow"] == 1
    assert sum(server.asked.values()) == 1


def test_without_ids_to_compare_another_items_answer_cannot_be_told():
    with Server(faults.first(1, "other"), echoes=False) as server:
        mixed_up = answers(server)[0]
        assert mixed_up.text == server.reply(server.last, OTHER)


SPOILT = {
    "cut": ("stop", "not_json"),
    "length": ("length", "truncated"),
    "refusal": ("stop", "refusal"),
    "refused": ("refusal", "refusal"),
    "loop": ("stop", "loop"),
    "wrong_schema": ("stop", "wrong_schema"),
    "empty": ("stop", "not_json"),
}


@pytest.mark.parametrize("fault", faults.SPOILT)
def test_bad_replies_arrive_and_are_judged_not_retried_here(fault):
    finish, code = SPOILT[fault]

    async def keep(replies: Sequence[Reply]) -> None: ...

    async def judged(server: Server):
        asked = engine(server)
        await asked.start()
        try:
            reply = await asked.ask(item(1))
            return reply, await annotate(asked, item(2), [], keep), await annotate(asked, item(3), [], keep)
        finally:
            await asked.close()

    bad = {image_of(item(number)): 2 for number in (1, 2)} | {image_of(item(3)): 1}
    with Server(lambda ask: fault if 0 < ask.time <= bad.get(ask.image, 0) else "") as server:
        reply, twice, once = completed(judged(server))
    assert reply.finish == finish
    assert server.asked[image_of(item(1))] == 1
    assert (twice.annotation, twice.error[0], twice.signals["replies"]) == (None, code, 2)
    assert twice.reply is not None
    assert once.annotation["seed"] == 4
    assert (once.signals["replies"], once.signals[code]) == (2, 1)


def test_an_item_that_fails_while_others_do_not_is_blamed_after_five_tries():
    poison = image_of(item(3))
    with Server(faults.of(poison, "500"), latency=0.01) as server:
        replies = answers(server, 80, slots=4)
    assert [number for number, reply in enumerate(replies) if isinstance(reply, ItemError)] == [3]
    assert "500" in str(replies[3])
    assert server.asked[poison] == TRIES


def test_an_item_that_fails_alone_is_told_from_an_outage_by_a_health_check():
    with Server(faults.always("reset")) as server:
        assert isinstance(answers(server)[0], ItemError)
    assert server.asked[image_of(item(0))] == TRIES
    assert server.requests == 1 + 2 * TRIES  # the probe, then a try and a health check each


def test_a_refused_picture_is_refused_at_once():
    with Server(faults.of(image_of(item(0)), "400")) as server:
        replies = answers(server, 2)
    assert isinstance(replies[0], ItemError)
    assert "cannot identify the image" in str(replies[0])
    assert isinstance(replies[1], Reply)
    assert server.asked[image_of(item(0))] == 1


@pytest.mark.parametrize("fault", ["401", "404"])
def test_a_server_that_bars_us_ends_the_run(fault):
    with Server(faults.of(image_of(item(0)), fault)) as server:
        replies = answers(server, 40, slots=1)
    assert all(isinstance(reply, EngineGone) for reply in replies)
    assert fault in str(replies[0])
    assert server.requests == 2


def test_being_told_to_wait_is_nobodys_fault():
    with Server(faults.first(2 * TRIES, "429"), retry_after="0.02") as server:
        assert all(isinstance(reply, Reply) for reply in answers(server, 3))
    assert server.given["429"] == 6 * TRIES


def test_a_busy_server_is_left_alone_as_long_as_it_asks():
    with Server(faults.nth({2: "429"}), retry_after="0.6") as server:
        began = time.monotonic()
        assert isinstance(answers(server)[0], Reply)
        assert time.monotonic() - began > 0.6


def test_a_busy_server_that_gives_no_time_is_asked_ever_more_seldom():
    with Server(faults.first(3, "429"), retry_after="soon") as server:
        assert isinstance(answers(server)[0], Reply)


async def with_outage(asked: OpenAI, server: Server, down: float, requests: Sequence[Request]):
    """The replies to `requests`, with the server killed after a third of them and started again on its port."""
    await asked.start()
    tasks = [asyncio.create_task(asked.ask(request)) for request in requests]
    while sum(task.done() for task in tasks) < len(requests) / 3:
        await asyncio.sleep(0.005)
    await asyncio.to_thread(server.stop)
    await asyncio.sleep(down)
    await asyncio.to_thread(server.start)
    replies = await asyncio.gather(*tasks, return_exceptions=True)
    await asked.close()
    return replies


def test_an_outage_loses_nothing_and_asks_nothing_twice():
    requests = [item(number) for number in range(150)]
    with Server(latency=0.02) as server:
        replies = completed(with_outage(engine(server, backoff=0.005), server, 0.5, requests))
        assert [reply.text for reply in replies] == [expected(server, request) for request in requests]
    assert all(server.answered[image_of(request)] == 1 for request in requests)


def test_a_server_that_stays_away_ends_the_run_for_all():
    async def left(server: Server):
        asked = engine(server, slots=2, patience=0.8)
        await asked.start()
        await asyncio.to_thread(server.stop)
        began = time.monotonic()
        replies = await asyncio.gather(*(asked.ask(item(number)) for number in range(20)), return_exceptions=True)
        waited = time.monotonic() - began
        with pytest.raises(EngineGone):
            await asked.ask(item(20))
        await asked.close()
        return replies, waited

    with Server() as server:
        replies, waited = completed(left(server))
    assert {type(reply) for reply in replies} == {EngineGone}
    assert 0.8 <= waited < 8  # as long as it would take if each waited for itself
    assert "0.8 s" in str(replies[0])


def test_a_server_that_is_always_busy_ends_the_run_too():
    with Server(lambda ask: "429" if ask.number > 1 else "") as server:
        assert isinstance(answers(server, 1, patience=0.3)[0], EngineGone)


def test_requests_are_spread_over_endpoints():
    with Server(latency=0.02) as one, Server(latency=0.02) as two:
        replies = completed(run(engine(one, two), [item(number) for number in range(160)]))
    assert all(isinstance(reply, Reply) for reply in replies)
    assert one.most_at_once == two.most_at_once == 8  # of 16 slots, whichever of the two is the faster


def test_a_busy_endpoint_leaves_the_work_to_the_other():
    with Server(lambda ask: "429" if ask.number == 2 else "", retry_after="30") as busy, Server() as idle:
        replies = completed(run(engine(busy, idle, slots=1), [item(number) for number in range(10)]))
    assert all(isinstance(reply, Reply) for reply in replies)
    assert (busy.requests, idle.requests) == (2, 11)


def test_an_endpoint_that_dies_gets_nothing_until_it_is_back():
    async def story(mortal: Server, other: Server):
        asked = engine(mortal, other)
        await asked.start()
        await asyncio.to_thread(mortal.stop)
        first = await asyncio.gather(*(asked.ask(item(number)) for number in range(60)))
        await asyncio.to_thread(mortal.start)
        while mortal.requests == 1:  # until its first health check, the probe apart
            await asyncio.sleep(0.01)
        second = await asyncio.gather(*(asked.ask(item(number)) for number in range(60, 120)))
        await asked.close()
        return first + second

    with Server(latency=0.01) as mortal, Server(latency=0.01) as other:
        replies = completed(story(mortal, other))
        assert [reply.text for reply in replies] == [expected(other, item(number)) for number in range(120)]
    assert all(other.answered[image_of(item(number))] == 1 for number in range(60))
    assert sum(mortal.answered[image_of(item(number))] for number in range(60, 120)) >= 1


def test_many_items_with_many_faults_are_all_answered():
    requests = [item(number) for number in range(1000)]
    kinds = tuple(fault for fault in faults.TRANSIENT if fault != "hang")
    with Server(faults.chance(0.1, faults=kinds), latency=0.005) as server:
        replies = completed(run(engine(server, slots=64), requests))
        assert [reply.text for reply in replies] == [expected(server, request) for request in requests]
    assert all(server.given[kind] > 5 for kind in kinds)
    assert all(server.answered[image_of(request)] == 1 for request in requests)


def refusal(server: Server, model: str | None = None, **options) -> str:
    """What the engine says when it will not start with this server."""
    with server, pytest.raises(EngineError) as caught:
        completed(OpenAI([server.url], model, PROMPT, backoff=0.01, **options).start())
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_server_that_ignores_the_schema_is_refused():
    said = refusal(Server(structured=False))
    assert "ignores the JSON schema" in said
    assert FLAG in said


def test_a_server_that_cannot_quote_is_refused():
    said = refusal(Server(quotes=False))
    assert "quotation marks" in said
    assert FLAG in said


def test_a_server_that_does_not_stop_is_refused():
    assert "does not stop" in refusal(Server(closes=False))


def test_a_server_without_models_is_refused():
    assert "serves no model" in refusal(Server(models=()))


def test_a_model_that_is_not_served_is_refused():
    assert "serves one, two, not three" in refusal(Server(models=("one", "two")), model="three")


def test_among_several_models_one_must_be_named():
    assert "name the model" in refusal(Server(models=("one", "two")))
    with Server(models=("one", "two")) as server:
        asked = OpenAI([server.url], "two", PROMPT)
        assert isinstance(completed(run(asked, [item(0)]))[0], Reply)
    assert (asked.model, server.last["model"]) == ("two", "two")


def test_a_small_context_is_refused_with_what_is_needed():
    said = refusal(Server(context=2048))
    needed = int(said.split("--max-model-len ")[1].split()[0])
    assert "--max-model-len" in refusal(Server(context=needed - 1))
    with Server(context=needed) as server:
        assert isinstance(answers(server)[0], Reply)


@pytest.mark.parametrize("raw_caption", [None, "A boat at the quay. " * 30, "港に停泊している赤い小さな船。" * 40])
def test_answers_are_bounded_by_what_the_context_has_room_for(raw_caption):
    with Server(context=2600) as server:
        request = replace(item(0, raw_caption), max_tokens=4096)
        replies = completed(run(engine(server), [request]))  # the server refuses what does not fit
        assert isinstance(replies[0], Reply)
    assert 400 < server.last["max_completion_tokens"] < 2048


def test_a_fault_at_the_start_is_borne():
    with Server(lambda ask: {1: "500", 2: "429", 3: "reset"}.get(ask.number, "")) as server:
        assert isinstance(answers(server)[0], Reply)


def test_nobody_there_at_the_start_is_said_at_once():
    with Server() as server:
        pass
    with pytest.raises(EngineError, match=f"nothing answers at {server.url}"):
        completed(OpenAI([server.url], None, PROMPT).start())


def test_every_endpoint_is_probed():
    with Server() as good, Server(structured=False) as bad, pytest.raises(EngineError, match=bad.url):
        completed(engine(good, bad).start())


def test_a_key_that_is_refused_is_said():
    assert "wrong key" in refusal(Server(lambda ask: "401"))


def test_the_key_of_the_environment_is_sent(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret-123")
    with Server() as server:
        answers(server)
    assert server.keys == {"Bearer secret-123"}


def test_closing_an_engine_that_never_started_is_harmless():
    completed(OpenAI(["http://127.0.0.1:1"], None, PROMPT).close())


@pytest.mark.parametrize("endpoint", ["", "localhost:8000", "ftp://host/v1", "http://", "http://host:port/v1"])
def test_what_is_no_url_is_refused(endpoint):
    with pytest.raises(EngineError, match="no endpoint"):
        OpenAI([endpoint], None, PROMPT)


def test_a_base_url_may_leave_out_the_path():
    assert base("http://host:8000") == base("http://host:8000/") == base("http://host:8000/v1/")
    assert base("https://host/openai/v1") == "https://host/openai/v1"


def test_the_probe_judges_by_its_schema():
    good = {"shape": "circle", "prose": "x" * 16, "quote": '"a"'}
    assert verdict(Reply(json.dumps(good), "stop", 1, 1)) is None
    assert verdict(Reply(json.dumps(good | {"quote": "a"}), "stop", 1, 1)) is None  # knows no patterns, breaks none
    for bad in ({"shape": "oval"}, {"prose": "x" * 17}, {"quote": 1}, {"more": 1}):
        assert "ignores" in verdict(Reply(json.dumps(good | bad), "stop", 1, 1))
    assert SCHEMA["additionalProperties"] is False
    assert "JSON" in DEMAND


@given(st.text())
def test_any_retry_after_is_read(header):
    wait = seconds(header)
    assert wait is None or wait >= 0


def test_retry_after_may_be_a_date():
    later = datetime.now(UTC) + timedelta(seconds=90)
    assert 85 < seconds(format_datetime(later, usegmt=True)) <= 90
    assert seconds("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert (seconds("7"), seconds(None), seconds("nan")) == (7, None, None)


@given(st.floats(0.01, 10), st.integers(0, 10_000))
def test_waits_stay_within_their_bound(first, times):
    assert 0 <= jitter(first, times, 30) <= min(30, first * 2 ** min(times, 100))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["choices", "message", "usage", "content"]), inner),
)


@given(JSON | st.builds(lambda message, usage: {"choices": [{"message": message}], "usage": usage}, JSON, JSON))
def test_any_body_is_an_answer_or_none(value):
    for payload in (json.dumps(value).encode(), repr(value).encode(errors="replace")):
        assert isinstance(chat.complaint(payload), str)
        try:
            reply = chat.read(payload).reply
        except chat.NotAChat:
            continue
        assert isinstance(reply.text, str)
        assert isinstance(reply.prompt_tokens, int)


def test_the_body_is_json_whatever_the_texts_hold():
    odd = replace(PROMPT, system='"}\\ \u2028 \x00', instructions="%d %b {raw_caption}")
    request = replace(item(0), prompt=odd)
    body = json.loads(chat.message('a "model"', request).body(9))
    assert body["model"] == 'a "model"'
    assert body["messages"][0]["content"] == odd.system
    assert body["messages"][1]["content"][0]["text"] == odd.instructions
