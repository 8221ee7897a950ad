"""Starts `glueproof serve` and speaks its admin API. Knows nothing of pytest."""

from __future__ import annotations

import base64
import json
import subprocess
import threading
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from types import TracebackType
from typing import Any

from glueproof.program import find_program

READY_PREFIX = "glueproof serve: ready on "
START_TIMEOUT_SECONDS = 30.0
ADMIN_TIMEOUT_SECONDS = 30.0
STOP_TIMEOUT_SECONDS = 10.0
ERROR_LINES_KEPT = 50
REGION = "us-east-1"


class StartError(Exception):
    """`glueproof serve` did not start."""


class AdminError(Exception):
    """The admin API refused a request."""


@dataclass(frozen=True)
class StoredItem:
    """The bytes that the fake keeps for one item, as they lie at rest."""

    service: str
    account: str
    region: str
    item: str
    data: bytes


@dataclass(frozen=True)
class KmsEndpoint:
    """An endpoint of KMS in a private network. With private DNS, KMS's usual name leads to it."""

    security_groups: Sequence[str]
    private_dns: bool = True


class Admin:
    """Requests to the admin API below `/_glueproof`."""

    def __init__(self, url: str) -> None:
        """Send every request to the server at `url`."""
        self._url = url
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Send one request and return the answer. `body` is sent as JSON."""
        data = b"" if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._url}/_glueproof{path}", data=data, method=method)
        request.add_header("Content-Type", "application/json")
        try:
            with self._opener.open(request, timeout=ADMIN_TIMEOUT_SECONDS) as response:
                answer: dict[str, Any] = json.loads(response.read())
                return answer
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            raise AdminError(f"{method} {path} was refused with {error.code}: {text}") from None
        except urllib.error.URLError as error:
            raise AdminError(f"{method} {path} got no answer: {error.reason}") from None


class Clock:
    """The fake's clock. It follows this machine's until it is moved."""

    def __init__(self, admin: Admin) -> None:
        """Read and move the clock through `admin`."""
        self._admin = admin

    def now(self) -> datetime:
        """Return the time of the fake."""
        millis = int(self._admin.call("GET", "/clock")["epoch_millis"])
        return datetime.fromtimestamp(millis / 1000, timezone.utc)

    def set(self, at: datetime) -> None:
        """Stop the clock at `at`, which must have a time zone."""
        if at.tzinfo is None:
            raise ValueError("the time has no time zone: give it one, such as timezone.utc")
        text = at.astimezone(timezone.utc).replace(tzinfo=None).isoformat(timespec="milliseconds")
        self._admin.call("POST", "/clock", {"set": f"{text}Z"})

    def advance(self, by: str) -> None:
        """Move the clock forward by a duration such as `7d` or `1h 30m`. A running clock is stopped first."""
        if not self._admin.call("GET", "/clock")["fixed"]:
            self.set(self.now())
        self._admin.call("POST", "/clock", {"advance": by})

    def follow_system(self) -> None:
        """Let the clock follow this machine's again."""
        self._admin.call("POST", "/clock", {"follow": "system"})


class Faults:
    """Wrong behavior on purpose. `glueproof mutants --list` prints the names."""

    def __init__(self, admin: Admin) -> None:
        """Inject faults through `admin`."""
        self._admin = admin

    def add(self, name: str, operation: str | None = None, times: int | None = None) -> None:
        """Inject the fault `name`: on every call, or for one operation, or for the next `times` calls."""
        wanted = {"fault": name, "operation": operation, "times": times}
        self._admin.call(
            "POST", "/faults", {key: value for key, value in wanted.items() if value is not None}
        )

    def clear(self) -> None:
        """Remove all faults."""
        self._admin.call("DELETE", "/faults")

    def names(self) -> list[str]:
        """Return the names of all faults there are."""
        return [known["fault"] for known in self._admin.call("GET", "/faults")["known"]]


class Cloud:
    """A fake cloud in a process of its own, on a free port of the loopback address.

    >>> with Cloud() as cloud:  # doctest: +SKIP
    ...     glue = cloud.client("glue")
    """

    def __init__(self, arguments: Sequence[str] = (), region: str = REGION) -> None:
        """Start the server with further `arguments` of `glueproof serve`, such as `["--mode", "enforce"]`."""
        self.region = region
        self._errors: deque[str] = deque(maxlen=ERROR_LINES_KEPT)
        command = [find_program(), "serve", "--port", "0", "--region", region, *arguments]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = self._read_url()
        self._admin = Admin(self.url)
        self.clock = Clock(self._admin)
        self.faults = Faults(self._admin)

    def _read_url(self) -> str:
        """Wait for the line with the address, and keep reading what the server prints afterwards."""
        output, errors = self._process.stdout, self._process.stderr
        assert output is not None
        assert errors is not None
        threading.Thread(target=self._errors.extend, args=(errors,), daemon=True).start()
        first: list[str] = []
        ready = threading.Event()

        def read() -> None:
            first.append(output.readline())
            ready.set()
            for _ in output:
                pass

        threading.Thread(target=read, daemon=True).start()
        ready.wait(START_TIMEOUT_SECONDS)
        line = first[0].strip() if first else ""
        if not line.startswith(READY_PREFIX):
            self.stop()
            said = line or "".join(self._errors).strip() or "nothing was printed"
            raise StartError(f"`glueproof serve` did not start: {said}")
        return line[len(READY_PREFIX) :].strip()

    def __enter__(self) -> Cloud:
        """Return the cloud, to be stopped at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self.stop()

    def stop(self) -> None:
        """Stop the server. Stopping twice does no harm."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def reset(self) -> None:
        """Remove all resources and faults, and let the clock follow this machine's."""
        self.faults.clear()
        self.clock.follow_system()
        self._admin.call("POST", "/reset")

    def stored(self) -> list[StoredItem]:
        """Return what the fake keeps, as it lies at rest: encrypted where the service encrypts."""
        return [
            StoredItem(
                service=item["service"],
                account=item["account"],
                region=item["region"],
                item=item["item"],
                data=base64.b64decode(item["bytes"]),
            )
            for item in self._admin.call("GET", "/rest")["items"]
        ]

    def environment(self) -> Mapping[str, str]:
        """Return the variables that send every AWS client here, and to no other place."""
        return {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def vpc(
        self,
        vpc_id: str,
        subnets: Sequence[str],
        *,
        nat_gateway: bool = False,
        kms_endpoint: KmsEndpoint | None = None,
        self_referencing_groups: Sequence[str] = (),
    ) -> None:
        """Add a private network, or change the one of that id.

        Crawlers and jobs with a connection in one of the `subnets` reach KMS only through a NAT gateway, or
        through an endpoint of KMS with private DNS. Endpoint and connection share a group of
        `self_referencing_groups`, which lets its own members in.
        """
        network: dict[str, Any] = {
            "id": vpc_id,
            "subnets": list(subnets),
            "nat_gateway": nat_gateway,
            "self_referencing_groups": list(self_referencing_groups),
        }
        if kms_endpoint is not None:
            network["kms_endpoint"] = {
                "private_dns": kms_endpoint.private_dns,
                "security_groups": list(kms_endpoint.security_groups),
            }
        self._admin.call("PUT", "/vpc", network)

    def client(self, service: str, **options: Any) -> Any:
        """Return a boto3 client for `service`. The `options` are those of `boto3.client`."""
        try:
            import boto3
        except ImportError:
            raise ImportError("cloud.client needs boto3: pip install 'glueproof[boto3]'") from None
        settings: dict[str, Any] = {
            "endpoint_url": self.url,
            "region_name": self.region,
            "aws_access_key_id": "test",
            "aws_secret_access_key": "test",
        }
        return boto3.client(service, **{**settings, **options})
