from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.candidates.tiny_gguf import write_tiny_model
from visavis.candidates.catalog import catalog
from visavis.candidates.grammar import canonical, check_name, parse, repeated
from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError, UnknownNameError, VisavisError

HOME = Path("/no/such/home")


def named(text: str, environ: Mapping[str, str] | None = None) -> Candidate:
    return parse(text, home=HOME, environ=environ or {})


def complaint(text: str, environ: Mapping[str, str] | None = None) -> str:
    with pytest.raises(OptionError) as got:
        named(text, environ)
    line = str(got.value)
    assert "\n" not in line
    return line


@pytest.mark.parametrize(
    ("text", "route", "model", "key"),
    [
        ("gpt-4o-mini", "openai", "gpt-4o-mini-2024-07-18", "OPENAI_API_KEY"),
        ("GPT-4o", "openai", "gpt-4o-2024-08-06", "OPENAI_API_KEY"),
        ("gpt-4o-2024-11-20", "openai", "gpt-4o-2024-11-20", "OPENAI_API_KEY"),
        ("llama-3.1-8b", "openrouter", "meta-llama/llama-3.1-8b-instruct", "OPENROUTER_API_KEY"),
        ("openai:gpt-4o-mini", "openai", "gpt-4o-mini", "OPENAI_API_KEY"),
        ("OpenAI: gpt-4o-mini", "openai", "gpt-4o-mini", "OPENAI_API_KEY"),
        ("openrouter:openai/gpt-4o", "openrouter", "openai/gpt-4o", "OPENROUTER_API_KEY"),
        ("groq:llama-3.1-8b-instant", "groq", "llama-3.1-8b-instant", "GROQ_API_KEY"),
        ("together:a/B", "together", "a/B", "TOGETHER_API_KEY"),
        ("ollama:llama3.1:8b", "ollama", "llama3.1:8b", None),
        ("vllm:a/b", "vllm", "a/b", None),
        ("http://127.0.0.1:8000/v1#model-id", "http", "model-id", None),
        ("https://host.example/v1/#a/b:c", "http", "a/b:c", None),
        ("scripted:Yes, always", "scripted", "Yes, always", None),
    ],
)
def test_a_text_names_route_model_and_key(
    text: str, route: str, model: str, key: str | None
) -> None:
    found = named(text)
    assert (found.route, found.model, found.key_name) == (route, model, key)


def test_a_bare_name_goes_by_the_first_route_whose_key_is_there() -> None:
    assert named("gpt-4o", {"OPENROUTER_API_KEY": "k"}).route == "openrouter"
    assert named("gpt-4o", {"OPENROUTER_API_KEY": "k", "OPENAI_API_KEY": "k"}).route == "openai"
    assert named("gpt-4o", {"OPENAI_API_KEY": ""}).route == "openai"


def test_a_catalog_name_means_a_dated_snapshot_and_an_id_means_itself() -> None:
    assert named("gpt-4o-mini").snapshot == "gpt-4o-mini-2024-07-18"
    assert named("openai:gpt-4o-mini").snapshot == "gpt-4o-mini"
    assert named("openrouter:openai/gpt-4o-2024-08-06").snapshot == "gpt-4o-2024-08-06"


def test_what_the_catalog_knows_comes_along_by_any_route() -> None:
    for text in ("gpt-4o", "openai:gpt-4o", "openrouter:openai/gpt-4o-2024-08-06"):
        found = named(text)
        assert found.system == "gpt-4o"
        assert found.lifecycle is not None
        assert {fact.name for fact in found.facts} >= {"context_window_tokens", "knowledge_cutoff"}
    assert named("openai:gpt-9").system is None


def test_servers_on_this_machine_are_local_and_others_hosted() -> None:
    for here in ("ollama:m", "vllm:m", "http://localhost:1/v1#m", "http://[::1]:8000/v1#m"):
        assert named(here).kind == "local"
    assert named("http://192.168.1.9:8000/v1#m").kind == "hosted"
    assert named("ollama:m", {"OLLAMA_BASE_URL": "http://gpu.example/v1"}).kind == "hosted"


def test_a_key_that_need_not_be_is_asked_for_only_where_it_is() -> None:
    assert named("vllm:m", {"VLLM_API_KEY": "k"}).key_name == "VLLM_API_KEY"
    assert named("http://h/v1#m", {"HTTP_API_KEY": "k"}).key_name == "HTTP_API_KEY"


def test_no_key_gets_into_a_candidate() -> None:
    secret = "sk-very-secret"
    environ = dict.fromkeys(
        ["OPENAI_API_KEY", "HTTP_API_KEY", "VLLM_API_KEY", "OPENROUTER_API_KEY"], secret
    )
    for text in ("gpt-4o", "http://h/v1#m", "vllm:m", "llama-3.1-8b"):
        assert secret not in repr(named(text, environ))


def test_an_azure_deployment_needs_its_address() -> None:
    assert "AZURE_BASE_URL" in complaint("azure:mine")
    found = named("azure:mine", {"AZURE_BASE_URL": "https://r.openai.azure.com/openai/v1/"})
    assert found.base_url == "https://r.openai.azure.com/openai/v1"
    assert found.snapshot == "mine"


def test_a_column_may_be_named() -> None:
    found = named("small = smollm2-135m")
    assert (found.name, found.system) == ("small", "smollm2-135m")
    assert named("a b=http://h/v1#m?x=1").name == "a b"
    assert named("scripted:a=b").name == "scripted:a=b"


def test_a_local_model_is_named_whether_or_not_it_was_fetched() -> None:
    found = named("smollm2-135m")
    assert found.file == HOME / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
    assert found.snapshot.startswith("sha256:b179c952")
    assert (found.kind, found.route, found.quantisation) == ("local", "gguf", "Q4_1")


@pytest.mark.parametrize("prefix", ["gguf:", "", "GGUF: "])
def test_a_file_is_what_its_content_is(tmp_path: Path, prefix: str) -> None:
    file = write_tiny_model(tmp_path / "my model.gguf")
    found = parse(f"{prefix}{file}", home=tmp_path, environ={})
    assert (found.name, found.model) == ("my model", "my model.gguf")
    assert found.file == file
    assert len(found.snapshot) == len("sha256:") + 64
    assert found.quantisation is not None
    assert {fact.name for fact in found.facts} >= {"parameters", "file_bytes"}


def test_a_relative_path_and_a_link_mean_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tiny_model(tmp_path / "a.gguf")
    (tmp_path / "b.gguf").symlink_to("a.gguf")
    monkeypatch.chdir(tmp_path)
    for text in ("gguf:a.gguf", "a.gguf", "gguf:b.gguf", "./b.gguf"):
        assert parse(text, home=tmp_path, environ={}).file == tmp_path / "a.gguf"


def test_a_file_of_another_kind_is_refused_by_its_content(tmp_path: Path) -> None:
    file = tmp_path / "page.gguf"
    file.write_text("<html>")
    with pytest.raises(VisavisError, match=r"'page\.gguf' is"):
        parse(str(file), home=tmp_path, environ={})


def test_a_recording_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    file.write_text("{}")
    found = parse(f"recorded:{file}", home=tmp_path, environ={})
    assert (found.kind, found.name, found.file) == ("recorded", "replies.jsonl", file)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("a\tb", "control characters"),
        ("gpt-4o\x00", "control characters"),
        ("x" * 5000, "5,000 characters"),
        ("openai:", "names no model"),
        ("openai: ", "names no model"),
        ("gguf:", "names no model"),
        ("http://127.0.0.1:8000/v1", "does not say which model"),
        ("https://h/v1#", "does not say which model"),
        ("http:///v1#m", "is no web address"),
        ("http://h:99999/v1#m", "is no web address"),
        ("http://[::1/v1#m", "is no web address"),
        ("http:m", "does not say which model"),
        ("gguf:no/such.gguf", "there is no file 'no/such.gguf'"),
        ("no/such.gguf", "there is no file"),
        ("gguf:/", "is a folder"),
        ("recorded:/", "is a folder"),
        ("gguf:~nobody-of-that-name/x.gguf", "cannot be opened"),
        ("gguf:" + "x" * 300, "cannot be opened"),
        ("gguf:/dev/null", "is no file that can be read twice"),
        ("name=", "no candidate is called 'name='"),
    ],
)
def test_a_text_that_names_nothing_is_answered_in_a_line(text: str, said: str) -> None:
    assert said in complaint(text)


@pytest.mark.parametrize("name", ["", " ", "a\x1b[31mb", "a\u202eb", "s\ud800", "\ufeffa"])
def test_a_name_that_cannot_be_seen_heads_no_column(name: str) -> None:
    with pytest.raises(OptionError, match="no candidate can be called"):
        check_name(name)


def test_a_long_answer_needs_a_short_name() -> None:
    check_name("x" * 120)
    with pytest.raises(OptionError, match=r"3,000 characters; give it a short name"):
        check_name("x" * 3000)
    assert len(complaint("x" * 3000)) < 500


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("gpt4o-mini", "gpt-4o-mini"),
        ("gpt-4o-mni", "gpt-4o-mini"),
        ("opena:gpt-4o", "openai:gpt-4o"),
        ("open-router:openai/gpt-4o", "openrouter:openai/gpt-4o"),
        ("qwen2.5-coder-05b", "qwen2.5-coder-0.5b"),
        ("smolm2-135m", "smollm2-135m"),
        ("gemma3-270m", "gemma-3-270m"),
        ("llama3.1:8b", "ollama:llama3.1:8b"),
        ("meta-llama/llama-3.1-8b-instruct", "openrouter:meta-llama/llama-3.1-8b-instruct"),
        ("ggfu:/x.gguf", "gguf:/x.gguf"),
        ("x:y", "openai:"),
        ("zzzzz", "smollm2-135m"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(slip: str, meant: str) -> None:
    with pytest.raises(UnknownNameError, match="try") as got:
        named(slip)
    assert meant in str(got.value).partition("try ")[2]


@pytest.mark.parametrize("address", ["http://me:pass@h/v1#m", "https://h/v1?key=pass#m"])
def test_a_password_in_an_address_is_refused_and_not_repeated(address: str) -> None:
    line = complaint(address)
    assert "pass@" not in line
    assert "key=pass" not in line
    assert "HTTP_API_KEY" in line


def test_two_columns_of_one_name_are_told_apart_by_the_user() -> None:
    one, two = named("http://127.0.0.1:1/v1#m"), named("http://127.0.0.1:2/v1#m")
    error = repeated([one, two])
    assert error is not None
    assert "'other=http://127.0.0.1:2/v1#m'" in str(error)
    assert repeated([one, named("b=http://127.0.0.1:2/v1#m")]) is None


KNOWN = [
    *catalog().names(),
    *(f"{known.way.route}:{known.way.model}" for known in catalog().known()),
    "scripted:echo",
    "http://127.0.0.1:8000/v1#a:b/c",
]
ENVIRON = {"AZURE_BASE_URL": "https://r.example/openai/v1", "GROQ_API_KEY": "k"}
NAMES = st.one_of(st.just(""), st.from_regex(r"[A-Za-z][A-Za-z0-9 ._-]{0,20}=", fullmatch=True))


@given(name=NAMES, spec=st.sampled_from(KNOWN), shout=st.booleans())
def test_the_canonical_text_names_the_same_candidate(name: str, spec: str, shout: bool) -> None:
    first = named(name + (spec.upper() if shout and ":" not in spec else spec), ENVIRON)
    assert named(canonical(first), {**ENVIRON, "OPENAI_API_KEY": "k"}) == first
    assert canonical(named(canonical(first), ENVIRON)) == canonical(first)


def test_the_canonical_text_of_a_file_names_it_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tiny_model(tmp_path / "a=b #1.gguf")
    monkeypatch.chdir(tmp_path)
    for text in ("gguf:a=b #1.gguf", "mine=gguf:a=b #1.gguf"):
        first = parse(text, home=tmp_path, environ={})
        assert parse(canonical(first), home=tmp_path, environ={}) == first
        assert str(tmp_path) in canonical(first)


PIECES = st.sampled_from(
    ["openai:", "gguf:", "http://", "https://", "recorded:", "scripted:", "azure:", "=", "#", "/",
     ".gguf", "~", "[", "]", "@", "?", ":", "gpt-4o", "\x00", "\ud800", " ", "%", "\\", "C:\\"]
)  # fmt: skip


@settings(max_examples=300)
@given(
    st.one_of(st.text(max_size=60), st.lists(st.one_of(PIECES, st.text(max_size=5))).map("".join))
)
def test_any_text_is_a_candidate_or_a_line(text: str) -> None:
    answer: Candidate | str
    try:
        answer = named(text, ENVIRON)
    except VisavisError as error:
        answer = str(error)
    if isinstance(answer, str):
        assert "\n" not in answer
    else:
        assert answer.name
        assert answer.model
