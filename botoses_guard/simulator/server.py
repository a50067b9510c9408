"""The HTTP server of the simulator, in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import random
import socket
import threading
import time
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Any

import boto3
from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage
from botocore.config import Config

from .account import Account
from .control import WrongControl, control
from .faults import Fault, Faults
from .inbox import Counters, Inbox
from .judge import Judge
from .protocol import Call, Reply
from .service import Request, Service, service_of

_CLIENT_GONE = 0.5
"""Seconds between two looks whether the client of a request that hangs is still there."""

_UNREADABLE = (WrongControl, ValueError, RecursionError, web.RequestPayloadError, BadHttpMessage)

LARGEST_REQUEST = 80 * 1024 * 1024
"""Bytes: a v2 message of 40 MB, in base64, with room."""


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_remote(host: str, allowed: bool) -> None:
    if not (allowed or is_loopback(host)):
        raise ValueError(f"{host} can be reached by others: allow_remote if that is meant")


class Simulator:
    """A local SES.

    Use it as a context manager::

        with Simulator(rate=14) as ses:
            client = ses.client("sesv2")

    Attributes:
        account: the settings of the account; may be changed at any time.
        faults: what the next sends meet.
        inbox: what was accepted.
        counters: what came in.
        latency: seconds that a send takes, half on its way in and half on its way out.
    """

    def __init__(
        self,
        *,
        latency: float = 0.0,
        jitter: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        clock_speed: float = 1.0,
        random: Callable[[], float] = random.random,
        host: str = "127.0.0.1",
        port: int = 0,
        allow_remote: bool = False,
        **account: Any,
    ) -> None:
        """
        Args:
            latency: seconds that a send takes.
            jitter: part of the latency by which it varies, from 0 to 1.
            clock: seconds of the simulator's time.
            clock_speed: how many times as fast that time passes.
            random: numbers from 0 to 1, for the jitter.
            host: address to listen on.
            port: port to listen on; 0 takes a free one.
            allow_remote: permits an address that others can reach: whoever does, commands it.
            account: settings of the account (:class:`.Account`): ``rate``, ``quota`` and so on.

        Raises:
            ValueError: others can reach ``host``, and that is not allowed.
        """
        _refuse_remote(host, allow_remote)
        self.latency, self.jitter = latency, jitter
        self.account = Account(**account)
        self.faults, self.inbox, self.counters = Faults(), Inbox(), Counters()
        judge = Judge(self.account, self.inbox, self.counters, self.faults)
        self._service = Service(self.account, judge, self.counters)
        self._clock, self._clock_speed, self._random = clock, clock_speed, random
        self._host, self._port = host, port
        self._access_key_id = f"AKIA{uuid.uuid4().hex[:16].upper()}"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """For ``endpoint_url`` or ``AWS_ENDPOINT_URL``."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def session(self) -> boto3.Session:
        """A session with dummy credentials, other ones for each simulator."""
        return boto3.Session(
            aws_access_key_id=self._access_key_id,
            aws_secret_access_key="simulator",
            region_name="us-east-1",
        )

    def client(self, service: str, session: boto3.Session | None = None, **arguments: Any) -> Any:
        """A boto3 client of this simulator.

        Args:
            service: ``ses`` or ``sesv2``.
            session: makes the client; by default a new one.
            arguments: of ``session.client``.
        """
        given: dict[str, Any] = {
            "endpoint_url": self.url,
            "region_name": "us-east-1",
            "aws_access_key_id": self._access_key_id,
            "aws_secret_access_key": "simulator",
        }
        # A proxy of the environment would not reach this machine's loopback.
        config = Config(proxies={}).merge(arguments.pop("config", None) or Config())
        make: Any = (session or self.session()).client
        return make(service, **{**given, "config": config, **arguments})

    def reset(self) -> None:
        """Empty the inbox, the counters, the faults; forget what was sent and what was created."""
        self.inbox.clear()
        self.faults.clear()
        self.account.regions.clear()
        fresh = Counters()
        for name in fresh.__dataclass_fields__:
            setattr(self.counters, name, getattr(fresh, name))

    def now(self) -> float:
        """Seconds of the simulator's time."""
        return self._clock() * self._clock_speed

    def __enter__(self) -> Simulator:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen, and serve from a thread of its own.

        Raises:
            OSError: the port is taken, or the address is not one of this machine.
            RuntimeError: it serves already.
        """
        if self._thread is not None:
            raise RuntimeError(f"the local SES at {self.url} serves already")
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listening = socket.create_server((self._host, self._port), family=family, backlog=512)
        self._port = listening.getsockname()[1]
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listening, ready)),
            name="ses-simulator",
            daemon=True,
        )
        self._thread.start()
        ready.wait()

    def stop(self) -> None:
        """Close every connection, those that wait for an answer included, and the thread."""
        if self._thread is not None and self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
            self._thread = None

    async def _serve(self, listening: socket.socket, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_route("*", "/_simulator/{what}", self._handle_control)
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        ready.set()
        try:
            await self._stopping.wait()
        finally:
            await runner.cleanup()

    async def _handle_control(self, request: web.Request) -> web.Response:
        try:
            body = await request.read()
            given = json.loads(body) if body else None
            start = request.query.get("start", "0")
            what = request.match_info["what"]
            return web.json_response(control(self, request.method, what, given, start))
        except _UNREADABLE as error:
            return web.json_response({"error": str(error)}, status=400)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.rel_url.raw_path
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _response(self._service.refuse_body(service_of(path), "too_large"))
        except (web.RequestPayloadError, BadHttpMessage) as error:
            message = f"the body cannot be read: {error}"
            return _response(
                self._service.refuse_body(service_of(path), "malformed_request", message)
            )
        read = Request(
            method=request.method,
            path=path,
            query=request.query,
            authorization=request.headers.get("Authorization", ""),
            body=body,
        )
        call = self._service.read(read)
        if isinstance(call, Reply):
            return _response(call)
        half = 0.0
        is_send = self._service.is_send(call)
        if is_send:
            self.counters.sends += 1
            half = self.latency * (1 + self.jitter * (2 * self._random() - 1)) / 2
        if half:
            await asyncio.sleep(half)
        fault = self.faults.take(call.operation.name, is_send)
        response = await self._answer(request, call, read.region, fault)
        if half:
            await asyncio.sleep(half)
        return response

    async def _answer(
        self, request: web.Request, call: Call, region: str, fault: Fault | None
    ) -> web.StreamResponse:
        if fault is None:
            return _response(self._service.answer(call, region, self.now())[0])
        if fault.kind in ("refuse", "respond"):
            return _response(self._service.fail(call, fault))
        if fault.kind == "cut":
            return _cut(request)
        reply, _ = self._service.answer(call, region, self.now())
        return await self._spoil(request, reply, fault)

    async def _spoil(self, request: web.Request, reply: Reply, fault: Fault) -> web.StreamResponse:
        """What becomes of the answer to a send that was judged."""
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        elif fault.kind == "hang_after_accept":
            await self._hang(request)
            return _cut(request)
        elif fault.kind == "cut_after_accept":
            return _cut(request)
        elif fault.kind == "cut_after_headers":
            response = web.StreamResponse(status=reply.status, headers=reply.headers)
            # In chunks: botocore does not notice that a body is shorter than its Content-Length.
            response.enable_chunked_encoding()
            with contextlib.suppress(ConnectionResetError):  # the client may be gone already
                await response.prepare(request)
                await response.write(reply.body[: len(reply.body) // 2])
            return _cut(request, response)
        return _response(reply)

    async def _hang(self, request: web.Request) -> None:
        """Wait until the simulator stops or the client is gone."""
        assert self._stopping is not None
        while request.transport is not None and not self._stopping.is_set():
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _CLIENT_GONE)


def _response(reply: Reply) -> web.Response:
    return web.Response(status=reply.status, headers=reply.headers, body=reply.body)


def _cut(request: web.Request, response: web.StreamResponse | None = None) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.close()
    return response or web.Response()
