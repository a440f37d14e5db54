"""Seals that others published: the worked examples of BSI TR-03137-1 (version 2.5, annexes C to F), and test seals made
with the public generator of a seal library, with the key of their test certificate UTTS5B (brainpoolP256r1)."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ec import BrainpoolP256R1, EllipticCurvePublicKey

VISA = bytes.fromhex(
    "dc036abc6d32c8a72cb10f7134b798155d01022cdd52134a74da1347c6fed95cb89f9fce133c133c133c133c203833734aaf47f0c32f1a1e"
    "20eb2625393afe310403a00000050633be1fed20c6ff38d5573247608c9b64cae022c1c5249660e51ae316d600f974aac2129c3f093c3595"
    "5314026304705cd24c1b8100711bd4411f068e8d93e8b7"
)
ARRIVAL = bytes.fromhex(  # version 3
    "dc026abc6d32c8a519fc0f71341145f4fd020230a5621353d9a275735bd4134bc549133c133c133c133c133ca32519a519a4344a5e681ae7"
    "204b20d532cf4b7c133c133f030820d5201019a51aeaff404a1f218ca4392647ecff6c8abf9e796a78eebe0b1ac8cc25c4ee17eed961d118"
    "9091358d7d616f1a517abc747f6c4490ff159d4dcf50248b00b1e32e9e7805e7"
)
RESIDENCE = bytes.fromhex(
    "dc03d9c5d9cac8a73a990f71346ecf47fb0602305cba135875976ec066d417b59e8c6abc133c133c133c133c3fef3a2938ee43f1593d1ae5"
    "2dbb26751fe64b7c133c136b0306d79519a65306ff408b7f3b5f9a83fdd4f46ec7dccc3384bb6c540aaf52603cc66d1f08b7f5e71243475d"
    "0a833b51fd2a846622e847b1f3791803f26d734b9bd18178fa22cff2a31a"
)
EMERGENCY = bytes.fromhex(
    "dc03d9c5d9cac8a73a990f71347d4e375e0302308a0d62b9d917a4cca93ca4d0edfc133c133c133c133c133c3fef3a2938ee43f1593d1ae5"
    "2dbb26751fe64b7c133c136bff4022f8bd19eccba4ef24f204787796dd914fec61f605b153b22a6ef307d3869938a4e7e908f0a63b837988"
    "0b395c7fdbac720d7f2836d08e1da62611614a00120b"
)
UTTS5B = EllipticCurvePublicKey.from_encoded_point(
    BrainpoolP256R1(),
    bytes.fromhex(
        "0408132a7243b3ccc29c271097081c96a729eefb8eb93630e536498e9b7ce1ced25d68a789d93bef39c04715c5ad3915d281c0754ecc0850"
        "8bf66687efc630df88"
    ),
)
