"""A recurrent network that writes a sequence [V, L] symbol by symbol and reads what stands before: for texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from genlab.networks import sequence
from genlab.networks.base import NetworkSpec
from genlab.options import setting

if TYPE_CHECKING:
    from torch import nn


MOST_DROPPED = 0.9
"""A decoder that was never shown a symbol would not know what to make of those that it writes itself."""


class AutoregressiveOptions(sequence.SequenceOptions):
    """Size of the network, and how its decoder reads and writes."""

    units: int = setting(128, "units of the state in which the decoder keeps what it has read", ge=4, le=1_024, step=16)
    told: Literal["everywhere", "start"] = setting(
        "everywhere",
        "where the decoder is told the latent: at every place, or only before the first, so that it has to keep it in "
        "mind",
    )
    word_dropout: float = setting(
        0.0,
        "share of the symbols that the decoder may not read while it is trained: the more, the more it has to take "
        "from the latent",
        ge=0,
        le=MOST_DROPPED,
    )
    decoding: Literal["greedy", "sampled"] = setting(
        "greedy",
        "what the decoder writes in a sample, and reads on from: at each place the likeliest symbol, so that a latent "
        "has one text, or one drawn by its probability; reconstructions and walks are always greedy",
    )


def decoder(inputs: int, shape: tuple[int, ...], options: AutoregressiveOptions) -> nn.Module:
    """A gated recurrent unit that is told the latent, and can be given the symbols that it reads."""
    from torch import nn

    from genlab.networks import _layers, _recurrent

    mapped, sampled = options.mapping_width if options.mapping else inputs, options.decoding == "sampled"
    teller = _recurrent.TellAtStart if options.told == "start" else _recurrent.TellEverywhere
    tell = nn.Sequential(
        *_layers.mlp(inputs, options.mapping_width, options.mapping), teller(mapped, shape[1], options.units)
    )
    return _recurrent.CausalReader(tell, shape, options.units, options.word_dropout, sampled)


def work(shape: tuple[int, ...], latents: int, options: AutoregressiveOptions) -> tuple[float, float]:
    """Multiply-adds of one item through the trunk, and of one latent through the decoder."""
    symbols, length = shape
    read, _ = sequence.work(shape, latents, options)
    mapped, units = options.mapping_width if options.mapping else latents, options.units
    hidden = latents * mapped + (options.mapping - 1) * mapped**2 if options.mapping else 0
    told = units * mapped if options.told == "start" else length * units * (mapped + 3 * units)
    places = length * units * (3 * units + symbols) + (length - 1) * 3 * units * symbols
    return read, float(hidden + told + places)


SPEC = NetworkSpec(
    title="Autoregressive",
    summary="A recurrent decoder that writes a text symbol by symbol and reads what it has written; convolutions "
    "encode and judge",
    paper="Bowman et al., Generating sentences from a continuous space, 2016; the unit: Cho et al., Learning phrase "
    "representations using RNN encoder-decoder, 2014; told everywhere: Dieng et al., Avoiding latent variable collapse "
    "with generative skip models, 2019",
    Options=AutoregressiveOptions,
    trunk=sequence.trunk,
    decoder=decoder,
    translator=sequence.translator,
    takes="symbols",
    work=work,
)
