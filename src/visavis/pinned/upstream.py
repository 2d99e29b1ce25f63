"""Where the benchmarks' upstream files can be fetched, each family's by its path in its folder.

Every revision and hash here was found in use elsewhere, none was made up: most are pinned by
inspect_evals 0.26 or stand as Git LFS hashes in several public projects. Where no SHA-256 was found
the hub is asked for it (`StatedFile`).
"""

from collections.abc import Mapping
from types import MappingProxyType

from visavis.pinned.file import HubPlace, PinnedFile, StatedFile

Files = Mapping[str, PinnedFile | StatedFile]


def _at(repo: str, revision: str, path: str) -> HubPlace:
    return HubPlace(repo=f"datasets/{repo}", revision=revision, path=path)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


_MMLU = "cais/mmlu", "c30699e8356da336a370243923dbaf21066bb9fe"
_MMLU_TEST, _MMLU_DEV = "all/test-00000-of-00001.parquet", "all/dev-00000-of-00001.parquet"
MMLU: Files = MappingProxyType(
    {
        _MMLU_TEST: PinnedFile(
            name=_name(_MMLU_TEST),
            size=3_504_718,
            sha256="74a41822ce7d3def56e1682f958469c04642a5336a5ce912fa375fdb90fb25d7",
            licence="MIT",
            hub=_at(*_MMLU, _MMLU_TEST),
        ),
        _MMLU_DEV: StatedFile(name=_name(_MMLU_DEV), licence="MIT", hub=_at(*_MMLU, _MMLU_DEV)),
    }
)
"""All 57 subjects in one file a split; the original archive of CSV files is 166 MB."""

_GLUE = "nyu-mll/glue", "bcdcba79d07bc864c1c254ccfcedcce55bcc9a8c"
_GLUE_FILES = {
    "cola/validation": (
        37_551,
        "c14b7219a7d9f9fe3dd291fd000f6623ee413805eb108c9c49578ed50873e4ba",
    ),
    "sst2/validation": (
        72_819,
        "a1371f3b3a7b0bcefa8388799a9359dc3ce76c349cc0079507a7991364fd2a9b",
    ),
    "mrpc/validation": (
        75_678,
        "33c007dbf5bfa8463d87a13e6226df8c0fcf2596c2cd39d0f3bb79754e00f50f",
    ),
    "qqp/validation": (
        3_729_274,
        "efd86a539c412d74874ee451573d7bd142f56c47fe36de033b9f367d8bb0fa71",
    ),
    "stsb/validation": (
        150_622,
        "152de7cf1fa34ee4df1c243bd209b02ade21a1d5c4fb3b7da5240f78e4000aa9",
    ),
    "mnli/validation_matched": (
        1_214_936,
        "7f918c09d9c35446b8e8f06a5672f8ab704e2897fecbf52e2e154141f3d7c421",
    ),
    "mnli/validation_mismatched": (
        1_251_152,
        "04aba92823a954be36fe1b69b61eed334c9eb1009daba0dd79f69d77b87c535c",
    ),
    "qnli/validation": (
        872_062,
        "e69311b81dc65589286091d9905a27617a90436dd215c7a59832fa8f4f336169",
    ),
    "rte/validation": (
        69_020,
        "fb2aa2e04f551133ba663617a15ae133dc22b0f6a969bc0629b5ea6003ee9cf8",
    ),
    "wnli/validation": (
        11_067,
        "880037e45e03df868d5799ca21dc03f3a6378f0adf3c01c7bfc46b94fa61f1cb",
    ),
}
GLUE: Files = MappingProxyType(
    {
        path: PinnedFile(
            name=_name(path),
            size=size,
            sha256=sha256,
            licence="each task its own, most state none",
            hub=_at(*_GLUE, path),
        )
        for path, (size, sha256) in (
            (f"{split}-00000-of-00001.parquet", known) for split, known in _GLUE_FILES.items()
        )
    }
)

_GSM8K = (
    "https://raw.githubusercontent.com/openai/grade-school-math/"
    "3101c7d5072418e28b9008a6636bde82a006892c/grade_school_math/data"
)
GSM8K: Files = MappingProxyType(
    {
        name: PinnedFile(
            name=name, size=size, sha256=sha256, licence="MIT", web=(f"{_GSM8K}/{name}",)
        )
        for name, size, sha256 in (
            (
                "test.jsonl",
                None,
                "3730d312f6e3440559ace48831e51066acaca737f6eabec99bccb9e4b3c39d14",
            ),
            (
                "train.jsonl",
                4_166_206,
                "17f347dc51477c50d4efb83959dbb7c56297aba886e5544ee2aaed3024813465",
            ),
        )
    }
)
"""The authors' files; the hub holds them as Parquet."""

_MGSM = (
    "https://raw.githubusercontent.com/google-research/url-nlp/"
    "452a21ad3dae5668c06ceeac21ff073e1e40f9be/mgsm",
    "https://openaipublic.blob.core.windows.net/simple-evals",
)
_MGSM_FILES = {
    "bn": (156_684, "6b00bc7cc635547e866989284afa924d789b5affa2eb8de623c385dd943ad977"),
    "de": (69_640, "4dfea30fede44b813e2e496f5f0534049e83c7cc8aed6e00600b30ec62053626"),
    "en": (61_299, "50021d0f28cc957edcb44e7806425b1c7fbd648ddcb9e0a8ec689d10e57d40fa"),
    "es": (66_896, "5bd27ebdf00140cec845c5298dc17715f5cd57d8edda6df1976db40bf3f0750a"),
    "fr": (69_141, "36207c1c03fd7cd3ea491441eb755408199f94e4a647851df531bbaedc99d606"),
    "ja": (81_043, "59a2b50debe77981fd784cb3b2bef1505e3abf2a37116dc9d7a366ab029b4637"),
    "ru": (110_953, "6bd30fd2e80c5bac23f566fb4ae0e6a55a19578401fbf9a01fb21beb3645fef8"),
    "sw": (67_456, "2bac828d77229e65d7c7197b1ad4a2cb5b1fe99b163f2cbdd66501de6a2115c4"),
    "te": (176_547, "dd6b1452c244bb2e4ba254c01ea84137f80c1cefc57d69c23b0ed88b9c0f36b7"),
    "th": (151_921, "f3932dc5ad8e9d0ea82b017adc1e1461dd647af861e7166d6741986602a0cfd6"),
    "zh": (57_838, "b2fa63151022370a0de1f4211c8c284eae74b0f5a3b003b1d5982c0d4a73f661"),
}
MGSM: Files = MappingProxyType(
    {
        f"mgsm_{language}.tsv": PinnedFile(
            name=f"mgsm_{language}.tsv",
            size=size,
            sha256=sha256,
            licence="CC BY 4.0",
            web=tuple(f"{place}/mgsm_{language}.tsv" for place in _MGSM),
        )
        for language, (size, sha256) in _MGSM_FILES.items()
    }
)

MATH_500: Files = MappingProxyType(
    {
        "prm800k/math_splits/test.jsonl": PinnedFile(
            name="test.jsonl",
            size=446_564,
            sha256="35dc41080a3680858b27fa7e0533d2d547825316fc5dafe5d316f4ccc5a06132",
            licence="MIT",
            hub=_at(
                "HuggingFaceH4/MATH-500", "6e4ed1a2a79af7d8630a6b768ec859cb5af4d3be", "test.jsonl"
            ),
        )
    }
)
"""Byte for byte OpenAI's file. The whole of MATH was taken off the hub for its copyright."""

IFEVAL: Files = MappingProxyType(
    {
        "input_data.jsonl": PinnedFile(
            name="input_data.jsonl",
            size=207_111,
            sha256="6a85310ca8ce15eff755aa08a3a4ff931c7e273e7515ebb3c492ea85fd8288f2",
            licence="CC BY 4.0",
            hub=_at(
                "google/IFEval",
                "966cd89545d6b6acfd7638bc708b98261ca58e84",
                "ifeval_input_data.jsonl",
            ),
            web=(
                "https://raw.githubusercontent.com/google-research/google-research/"
                "19638399cc9e03623c5b9087a1d6fa8813974ce9/instruction_following_eval/data/"
                "input_data.jsonl",
            ),
        )
    }
)

_MMMU = "MMMU/MMMU", "98e6ac0cb9b7b2cd2c991b85a50762edc4aedc68"
MMMU_SUBJECTS = (
    "Accounting",
    "Agriculture",
    "Architecture_and_Engineering",
    "Art",
    "Art_Theory",
    "Basic_Medical_Science",
    "Biology",
    "Chemistry",
    "Clinical_Medicine",
    "Computer_Science",
    "Design",
    "Diagnostics_and_Laboratory_Medicine",
    "Economics",
    "Electronics",
    "Energy_and_Power",
    "Finance",
    "Geography",
    "History",
    "Literature",
    "Manage",
    "Marketing",
    "Materials",
    "Math",
    "Mechanical_Engineering",
    "Music",
    "Pharmacy",
    "Physics",
    "Psychology",
    "Public_Health",
    "Sociology",
)
MMMU: Files = MappingProxyType(
    {
        path: StatedFile(name=_name(path), licence="Apache-2.0", hub=_at(*_MMMU, path))
        for path in (f"{subject}/validation-00000-of-00001.parquet" for subject in MMMU_SUBJECTS)
    }
)
"""The 900 validation questions with their pictures, about 340 MB in all."""

_MMMU_PRO = "MMMU/MMMU_Pro", "563f3e84bb3b90893083a1f039cfa13077f2302b"
MMMU_PRO: Files = MappingProxyType(
    {
        path: StatedFile(name=_name(path), licence="Apache-2.0", hub=_at(*_MMMU_PRO, path))
        for path in (f"standard (10 options)/test-0000{part}-of-00002.parquet" for part in range(2))
    }
)
