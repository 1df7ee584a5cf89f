"""A real mail server (aiosmtpd) for tests, which can be told to misbehave.

    mail_server.py FOLDER [--tls starttls|smtps CERTIFICATE KEY] [--user USER PASSWORD]

It listens on a free port of 127.0.0.1, written to FOLDER/port, and keeps each mail it takes as FOLDER/N.eml, headed by
X-Mail-From and X-Rcpt-To. What FOLDER/mode says decides, at each mail, what becomes of it:
    take        the default
    refuse      550 to the recipient
    busy        451 to the recipient
    stall       the data is read and never answered
    drop        the data is read, nothing is kept, and the connection ends without an answer
    keep-drop   the data is kept, and the connection ends without an answer
    keep-stall  the data is kept and never answered
"""
import asyncio
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.kept = 0

    def mode(self):
        try:
            with open(os.path.join(self.folder, "mode")) as file:
                return file.read().strip()
        except FileNotFoundError:
            return "take"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.mode() == "refuse":
            return "550 No such user <%s>" % address
        if self.mode() == "busy":
            return "451 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mode = self.mode()
        if mode in ("take", "keep-drop", "keep-stall"):
            self.kept += 1
            name = os.path.join(self.folder, "%d.eml" % self.kept)
            with open(name + ".new", "wb") as file:
                head = "X-Mail-From: %s\r\nX-Rcpt-To: %s\r\nX-Tls: %s\r\n" % (
                    envelope.mail_from, ",".join(envelope.rcpt_tos),
                    session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None)
                file.write(head.encode() + envelope.content)
            os.rename(name + ".new", name)
        if mode in ("stall", "keep-stall"):
            await asyncio.sleep(3600)
        if mode in ("drop", "keep-drop"):
            server.transport.abort()
        return "250 OK"


async def main(arguments):
    folder = arguments.pop(0)
    settings, listening = {}, {}
    while arguments:
        word = arguments.pop(0)
        if word == "--tls":
            kind, certificate, key = arguments.pop(0), arguments.pop(0), arguments.pop(0)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            if kind == "starttls":
                settings.update(tls_context=context, require_starttls=True)
            else:
                listening.update(ssl=context)
                settings.update(auth_require_tls=False)  # it is encrypted before aiosmtpd sees any of it
        elif word == "--user":
            user, password = arguments.pop(0), arguments.pop(0)

            def check(server, session, envelope, mechanism, data):
                right = isinstance(data, LoginPassword) and data.login == user.encode()
                return AuthResult(success=right and data.password == password.encode(), handled=False)

            settings.update(authenticator=check, auth_required=True)
    handler = Handler(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="mail.test", loop=loop, **settings),
                                      "127.0.0.1", 0, **listening)
    port = os.path.join(folder, "port")
    with open(port + ".new", "w") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    os.rename(port + ".new", port)
    await asyncio.sleep(3600)


asyncio.run(main(sys.argv[1:]))
