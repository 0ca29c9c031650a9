"""Settings, key files, TLS, and what a batch weighs."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.head_office import HeadOffice, parse
from tests.support.outbox import MemoryOutbox, chain, make_record, rehash, sales
from tests.support.tls import CERTIFICATE, PRIVATE_KEY
from tilltui.errors import ConfigError, UploadDenied, UploadUnavailable
from tilltui.services.upload.worker import IDLE_SECONDS, SyncWorker
from tilltui.upload import envelope
from tilltui.upload.http import HttpSettings, HttpUploader, read_key
from tilltui.upload.wire import Answer

KEY = b"another key, of 32 bytes, for us"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[HeadOffice]:
    office = HeadOffice(tmp_path / "hq.db", KEY, rehash=rehash)
    yield office
    office.close()


@pytest.fixture
def key_file(tmp_path: Path, office: HeadOffice) -> Path:
    path = tmp_path / "hq.key"
    path.write_text(office.secret)
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hq.example",
        "ftp://hq.example/",
        "https://",
        "https://u:secret@hq/",
        "http://h:99999/",
        "https://[::1",
    ],
)
def test_a_wrong_url_is_refused_in_words_and_never_shows_a_password(url: str) -> None:
    with pytest.raises(ConfigError, match=r"\[uploader.hq\] url") as caught:
        HttpUploader("hq", HttpSettings(url, Path("key")))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o666])
def test_a_key_that_others_can_read_is_refused(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(UploadDenied, match=f"mode 0{mode:o}") as caught:
        read_key(key_file)
    assert caught.value.hint.startswith("Run: chmod 600")


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_private_key_is_read(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    assert read_key(key_file) == KEY


@pytest.mark.parametrize("text", [b"", b"short", b"whsec_!!!!", b"whsec_c2hvcnQ=", b"\n" * 100])
def test_a_file_without_a_key_is_refused_without_quoting_it(key_file: Path, text: bytes) -> None:
    key_file.write_bytes(text)
    with pytest.raises(UploadDenied, match="holds no key") as caught:
        read_key(key_file)
    assert text == b"" or text.strip() == b"" or text.decode() not in str(caught.value)


def test_a_missing_key_file_is_said_by_the_worker_and_found_once_it_is_there(
    office: HeadOffice, key_file: Path
) -> None:
    office.start()
    text = key_file.read_text()
    key_file.unlink()
    outbox = MemoryOutbox(chain(2))
    worker = SyncWorker(HttpUploader("hq", HttpSettings(office.url, key_file)), outbox, lambda status: None)
    assert worker.step() == 300
    assert worker.status.denied
    key_file.touch(mode=0o600)
    key_file.write_text(text)
    assert worker.step() == 0
    assert worker.step() == IDLE_SECONDS
    assert len(office.records()) == 2
    worker.close()


def test_https_checks_the_certificate_and_takes_a_shop_s_own_authority(
    office: HeadOffice, key_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "cert.pem").write_text(CERTIFICATE)
    (tmp_path / "tls.pem").write_text(PRIVATE_KEY)
    office.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    office.tls.load_cert_chain(tmp_path / "cert.pem", tmp_path / "tls.pem")
    office.start()
    stranger = HttpUploader("hq", HttpSettings(office.url, key_file))
    stranger.open()
    with pytest.raises(UploadUnavailable, match=r"certificate of head office .* is not trusted"):
        stranger.send(chain(1))
    assert office.records() == []
    known = HttpUploader("hq", HttpSettings(office.url, key_file, ca_file=str(tmp_path / "cert.pem")))
    known.open()
    known.send(chain(1))
    assert len(office.records()) == 1
    known.close()
    with pytest.raises(UploadUnavailable, match="cannot be read"):
        HttpUploader("hq", HttpSettings(office.url, key_file, ca_file=str(tmp_path / "no.pem"))).open()


def test_ten_thousand_sales_drain_in_order_below_300_bytes_each(office: HeadOffice, key_file: Path) -> None:
    office.start()
    records = sales(10_000)
    assert 1300 < sum(len(record.body) for record in records) / len(records) < 1400
    outbox = MemoryOutbox(records)
    worker = SyncWorker(HttpUploader("hq", HttpSettings(office.url, key_file)), outbox, lambda status: None)
    while worker.step() != IDLE_SECONDS:
        pass
    worker.close()
    assert office.arrivals() == list(range(1, 10_001))
    assert [row.body for row in office.records()] == [record.body for record in records]
    assert office.requests == 54  # 25 + 50 + ... + 175, then 200 at a time
    assert office.wire_bytes / len(records) < 300


def test_a_batch_of_large_records_is_sent_in_parts(office: HeadOffice, key_file: Path) -> None:
    office.start()
    prev, batch = "0" * 64, []
    for seq in range(1, 21):
        batch.append(make_record(seq, prev, body=b'{"a":"%b"}' % (b"x" * 100_000)))
        prev = batch[-1].hash
    uploader = HttpUploader("hq", HttpSettings(office.url, key_file))
    uploader.open()
    assert [o.verdict for o in uploader.send(batch)] == ["accepted"] * 20
    assert office.requests == 4
    uploader.close()


@given(st.lists(st.binary(max_size=60) | st.just('{"a":"Ñ,\\"body\\":"}'.encode()), min_size=1, max_size=5))
def test_any_body_arrives_byte_for_byte(bodies: list[bytes]) -> None:
    prev, batch = "0" * 64, []
    for seq, body in enumerate(bodies, 1):
        batch.append(make_record(seq, prev, body=body))
        prev = batch[-1].hash
    head, rows = parse(envelope.encode(batch))
    assert head == {"v": 1, "till": "1", "epoch": batch[0].epoch, "count": len(batch)}
    assert [body for _, body in rows] == bodies
    assert [(m["hash"], m["prev_hash"]) for m, _ in rows] == [(r.hash, r.prev_hash) for r in batch]


def test_a_batch_keeps_its_id_and_any_other_batch_has_another() -> None:
    records = chain(3)
    assert envelope.batch_id(records) == envelope.batch_id(list(records))
    other = make_record(3, records[1].hash, body=b"{}")
    batches = [records, records[:2], records[1:], [*records[:2], other]]
    assert len({envelope.batch_id(batch) for batch in batches}) == 4


def test_the_signature_is_that_of_standard_webhooks() -> None:
    # The example of the specification's own libraries.
    key = envelope.parse_key(b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert (
        envelope.sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"outcomes":{}}',
        b'{"outcomes":[1]}',
        b'{"outcomes":[{"seq":true,"verdict":"accepted"}]}',
        b'{"outcomes":[{"seq":1.0,"verdict":"accepted"}]}',
        b'{"outcomes":[{"seq":"1","verdict":"accepted"}]}',
        b'{"outcomes":[{"seq":1,"verdict":"ok"}]}',
        b'{"outcomes":[{"seq":1,"verdict":["accepted"]}]}',
        b'{"outcomes":[{"seq":1,"verdict":"held","reason":7}]}',
        b'{"outcomes":[{"seq":1,"verdict":"accepted"},{"seq":2,"verdict":"accepted"}]}',
        b'{"outcomes":[{"seq":1' + b"0" * 5000 + b',"verdict":"accepted"}]}',
        b"\xff\xfe",
    ],
)
def test_an_answer_of_another_shape_is_not_believed(payload: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words differ, that it is refused does not
        envelope.decode_answer(payload, chain(1))


def test_a_reason_from_head_office_is_cleaned() -> None:
    row = {"seq": 1, "verdict": "held", "reason": "\x1b[2Jbad\u202e " + "x" * 9999}
    (outcome,) = envelope.decode_answer(json.dumps({"outcomes": [row]}).encode(), chain(1))
    assert outcome.reason.startswith("[2Jbad x")
    assert len(outcome.reason) == 500


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("٣", None),
        ("9" * 5000, 999999999.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 60.0),
        ("Wed, 21 Oct 2015 07:26:00 GMT", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date_on_the_server_s_clock(header: str, seconds: float | None) -> None:
    from tilltui.upload.http import _retry_after

    answer = Answer(503, {"retry-after": header, "date": "Wed, 21 Oct 2015 07:27:00 GMT"}, b"")
    assert _retry_after(answer) == seconds


def test_a_till_without_network_does_not_pay_for_http() -> None:
    code = (
        "import sys, tilltui.upload.http, tilltui.upload.folder, tilltui.services.upload.worker;"
        "print([m for m in ('http.client', 'ssl', 'gzip', 'ctypes', 'email') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.strip() == "[]"
