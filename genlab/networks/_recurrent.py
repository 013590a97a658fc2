"""The modules of networks that write a sequence [B, V, L] place by place, each after it has read those before."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genlab.networks._layers import LAST_GAIN, activation, linear
from genlab.space import Random

SYMBOL_GAIN = 0.1
"""Standard deviation of what a symbol says to the place after it before anything is learned: less than the latent."""


Told = tuple[Tensor, Tensor, Tensor]
"""What a latent says: the first state [B, W], and at each place what goes into the state [B, L, 3 W] and past it to
the symbol [B, L, W]; 1 in the place of B where it is the same for all."""


class TellAtStart(nn.Module):
    """The latent is the first state, and nothing more is said of it (Bowman et al. 2016, section 3).

    Args:
        inputs: Size D of a latent.
        length: Number L of places.
        units: Size W of the state.
    """

    def __init__(self, inputs: int, length: int, units: int) -> None:
        super().__init__()
        self.length = length
        self.first = linear(inputs, units)

    def forward(self, latents: Tensor) -> Told:
        """What latents [B, D] say."""
        state = self.first(latents).tanh()
        units = state.shape[1]
        return state, state.new_zeros(1, self.length, 3 * units), state.new_zeros(1, self.length, units)


class TellEverywhere(nn.Module):
    """At each place another part of what a layer makes of the latent, as in a network that writes all places at once.

    It goes into the state, and past it to the symbol (cf. Dieng et al., Avoiding latent variable collapse with
    generative skip models, 2019).

    Args:
        inputs: Size D of a latent.
        length: Number L of places.
        units: Size W of the state.
    """

    def __init__(self, inputs: int, length: int, units: int) -> None:
        super().__init__()
        layers = (linear(inputs, length * units), activation(), nn.Unflatten(1, (length, units)))
        self.parts = nn.Sequential(*layers)
        self.hear = nn.Linear(units, 3 * units)

    def forward(self, latents: Tensor) -> Told:
        """What latents [B, D] say."""
        parts = self.parts(latents)
        return parts.new_zeros(1, parts.shape[2]), self.hear(parts), parts


class CausalReader(nn.Module):
    """A gated recurrent unit (Cho et al. 2014) that is told the latent and reads the symbol before each place.

    Where there is no symbol before, or it is hidden, zeros are read.

    Args:
        tell: Latents [B, D] -> what they say (`Told`).
        shape: Symbols and places, (V, L).
        units: Size W of the state.
        dropout: Share of the symbols that are hidden while it is trained on given ones, from 0 to 1.
        sampled: Whether the symbols of a sample are drawn; else they are the likeliest.

    Attributes:
        draws: Uniform numbers that decide a sample: one for each place, or none.
    """

    def __init__(self, tell: nn.Module, shape: tuple[int, ...], units: int, dropout: float, sampled: bool) -> None:
        super().__init__()
        symbols, self.length = shape
        self.dropout, self.draws = dropout, self.length if sampled else 0
        self.tell = tell
        self.read = nn.Linear(symbols, 3 * units, bias=False)
        nn.init.normal_(self.read.weight, std=SYMBOL_GAIN)
        self.turn = nn.Linear(units, 3 * units)
        nn.init.orthogonal_(self.turn.weight)
        nn.init.zeros_(self.turn.bias)
        self.last = linear(units, symbols, gain=LAST_GAIN)

    def forward(self, latents: Tensor) -> Tensor:
        """Raw output [B, V, L], each place after the likeliest symbols of those before it.

        A gradient passes through the choice as if their probabilities had been read (straight through: Bengio, Léonard
        and Courville 2013; Jang et al. 2017, section 2.2).
        """
        raws: list[Tensor] = []

        def likeliest(place: int, raw: Tensor) -> Tensor:
            raws.append(raw)
            read = F.one_hot(raw.argmax(dim=1), raw.shape[1]).to(raw.dtype)
            if not raw.requires_grad:
                return read
            soft = raw.softmax(dim=1).to(raw.dtype)
            return read + soft - soft.detach()

        self._write(latents, likeliest)
        return torch.stack(raws, dim=2)

    def drawn(self, latents: Tensor, uniform: Tensor) -> Tensor:
        """Symbols [B, V, L], one at each place with share 1, each drawn after those that were drawn before it.

        Args:
            latents: [B, D].
            uniform: Uniform noise in [0, 1) [B, L], which decides.
        """
        found: list[Tensor] = []

        def draw(place: int, raw: Tensor) -> Tensor:
            reached = raw.float().softmax(dim=1).cumsum(dim=1)
            number = (reached <= uniform[:, place, None] * reached[:, -1:]).sum(dim=1)
            found.append(F.one_hot(number.clamp(max=raw.shape[1] - 1), raw.shape[1]).to(raw.dtype))
            return found[-1]

        self._write(latents, draw)
        return torch.stack(found, dim=2)

    def given(self, latents: Tensor, seen: Tensor, rng: Random | None) -> Tensor:
        """Raw output [B, V, L], each place after the symbols of ``seen`` before it (teacher forcing).

        Args:
            latents: [B, D].
            seen: Sequences [B, V, L], shares of symbols.
            rng: Where it is drawn which symbols are hidden (word dropout: Bowman et al. 2016, section 3.1); None hides
                none.
        """
        before = seen[:, :, :-1].transpose(1, 2)
        if rng is not None and self.dropout:
            kept = rng.uniform(len(seen), self.length - 1) >= self.dropout
            before = before * kept[:, :, None].to(before.dtype)
        state, inward, past = self.tell(latents)
        heard, states = inward + F.pad(self.read(before), (0, 0, 1, 0)), []
        for place in range(self.length):
            state = self._next(state, heard[:, place])
            states.append(state)
        raw: Tensor = self.last(torch.stack(states, dim=1) + past)
        return raw.transpose(1, 2)

    def _write(self, latents: Tensor, choose: Callable[[int, Tensor], Tensor]) -> None:
        """Place after place, ``choose`` is told its number and raw output [B, V] and says what is read of it."""
        state, inward, past = self.tell(latents)
        heard = inward[:, 0]
        for place in range(self.length):
            state = self._next(state, heard)
            read = choose(place, self.last(state + past[:, place]))
            if place + 1 < self.length:
                heard = inward[:, place + 1] + self.read(read)

    def _next(self, state: Tensor, heard: Tensor) -> Tensor:
        """The state [B, W] after it has heard [B, 3 W]: the latent at this place and the symbol before it."""
        of_reset, of_update, of_new = heard.chunk(3, dim=1)
        reset, update, new = self.turn(state).chunk(3, dim=1)
        new = (of_new + (reset + of_reset).sigmoid() * new).tanh()
        update = (update + of_update).sigmoid()
        found: Tensor = new + update * (state - new)
        return found
