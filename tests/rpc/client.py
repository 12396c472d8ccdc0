# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that has no code of Samba's: impacket's SMB and DCE/RPC, and the
NDR of stub.py."""

import importlib.util

from . import stub

# what impacket calls the dialects
LEVELS = {'SMB1': 'NT LM 0.12', 'SMB2': 0x0202, 'SMB3': 0x0300}

_UUID = ('17fdd703-1827-4e34-79d4-24a55c53bb37', '1.0')


def impacket_is_there():
    return importlib.util.find_spec('impacket') is not None


class Fault(Exception):
    """The server answered with a fault: its status."""


class Client:
    """A connection to a pipe of a host, from another host of the lab.

    user: (name, password), or None for an anonymous one.
    seal, sign: NTLMSSP with privacy, or with integrity alone, on top of SMB's
    own.
    """

    def __init__(self, host, address, user, dialect='SMB3', pipe='msgsvc',
                 uuid=_UUID, seal=False, sign=False, timeout=30):
        def connect():
            from impacket.dcerpc.v5 import rpcrt, transport
            from impacket.smbconnection import SMBConnection
            from impacket.uuid import uuidtup_to_bin
            smb = SMBConnection(address, address, sess_port=445,
                                preferredDialect=LEVELS[dialect],
                                timeout=timeout)
            smb.login(*(user or ('', '')))
            way = transport.SMBTransport(address, 445, '\\' + pipe,
                                         smb_connection=smb)
            if user:
                way.set_credentials(*user)
            dce = way.get_dce_rpc()
            if seal or sign:
                dce.set_auth_type(rpcrt.RPC_C_AUTHN_WINNT)
                dce.set_auth_level(
                    rpcrt.RPC_C_AUTHN_LEVEL_PKT_PRIVACY if seal else
                    rpcrt.RPC_C_AUTHN_LEVEL_PKT_INTEGRITY)
            dce.connect()
            dce.bind(uuidtup_to_bin(uuid))
            return smb, dce

        self._smb, self._dce = host.namespace.call(connect)

    def raw(self, opnum, data):
        """The stub of the reply to a stub."""
        from impacket.dcerpc.v5.rpcrt import DCERPCException
        try:
            self._dce.call(opnum, data)
            return self._dce.recv()
        except DCERPCException as error:
            raise Fault(error.error_string or error.error_code or str(error))

    def send(self, opnum, data):
        """Without waiting for the reply."""
        self._dce.call(opnum, data)

    def receive(self):
        """The stub of the reply to what was sent."""
        return self._dce.recv()

    def add(self, name, **kwargs):
        return stub.code_reply(self.raw(stub.ADD, stub.name_request(
            name, **kwargs)))

    def delete(self, name, **kwargs):
        return stub.code_reply(self.raw(stub.DEL, stub.name_request(
            name, **kwargs)))

    def info(self, name, level=0, **kwargs):
        """(code, name or None)"""
        return stub.info_reply(self.raw(stub.GET_INFO, stub.info_request(
            name, level, **kwargs)), level)

    def enum(self, level=0, limit=stub.NO_LIMIT, resume=0, **kwargs):
        """(code, names, resume handle)"""
        return stub.enum_reply(
            self.raw(stub.ENUM, stub.enum_request(level, limit, resume,
                                                  **kwargs)),
            resume is not None)

    def drop(self):
        """Vanishes: the connection is cut, with nothing said."""
        self._smb.getSMBServer().get_socket().close()

    def close(self):
        try:
            self._smb.close()
        except Exception:
            pass  # it may have been cut already

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.close()
