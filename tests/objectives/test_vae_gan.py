"""VAE/GAN: errors in the critic's features, and who pays for what."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from genlab.objectives.vae_gan import _unexplained
from tests.objectives.toys import batch, build, parts, take_turn


def test_unexplained_share_is_zero_for_a_copy_and_one_for_a_stranger() -> None:
    torch.manual_seed(0)
    target, stranger = 5 + 3 * torch.randn(2_000, 16), 5 + 3 * torch.randn(2_000, 16)
    assert not _unexplained(target, target).any()
    assert _unexplained(target, stranger).mean().item() == pytest.approx(1, abs=0.03)
    assert _unexplained(target, target.mean(0, keepdim=True)).mean().item() == pytest.approx(0.5, abs=0.03)
    torch.testing.assert_close(_unexplained(100 * target, 100 * stranger), _unexplained(target, stranger))
    assert _unexplained(torch.ones(1, 4), torch.zeros(1, 4)).isfinite().all()


def test_the_encoder_pays_kl_and_reconstruction() -> None:
    of = parts("images")
    free, paid = (build("vae_gan", of, beta=beta, recon_weight=100.0, pixel_weight=0.0) for beta in (0.0, 2.0))
    without = take_turn(free, "encoder", batch(of.space))
    terms = take_turn(paid, "encoder", batch(of.space))
    torch.testing.assert_close(without.loss.detach(), 100 * without.logs["reconstruction/features"])
    torch.testing.assert_close(
        terms.loss.detach() - without.loss.detach(), 2 * terms.logs["kl/total"], rtol=1e-3, atol=1e-4
    )


def test_the_decoder_pays_reconstruction_and_the_critics_verdict() -> None:
    of = parts("images")
    terms = [take_turn(build("vae_gan", of, gamma=gamma), "decoder", batch(of.space)) for gamma in (0.0, 1.0, 3.0)]
    torch.testing.assert_close(terms[0].loss.detach(), terms[0].logs["adversarial/decoder"])
    one, three = ((t.loss - terms[0].loss).detach() for t in terms[1:])
    assert (one > 0).all()
    torch.testing.assert_close(three, 3 * one)


def test_gamma_falls_by_equal_factors_to_what_is_left_of_it() -> None:
    of = parts("images")
    fading = build("vae_gan", of, gamma=2.0, gamma_left=0.25)

    def share(progress: float) -> torch.Tensor:
        terms = take_turn(fading, "decoder", replace(batch(of.space), progress=progress))
        return terms.loss.detach() - terms.logs["adversarial/decoder"]

    first = share(0.0)
    assert (first > 0).all()
    torch.testing.assert_close(share(0.5), first / 2)
    torch.testing.assert_close(share(1.0), first / 4)


def test_the_critic_judges_real_sampled_and_reconstructed() -> None:
    of = parts("images")
    objective = build("vae_gan", of)
    sizes: list[int] = []
    objective.players["critic"].register_forward_pre_hook(lambda _, args: sizes.append(len(args[0])))
    logs = take_turn(objective, "critic", batch(of.space)).logs
    assert sizes == [24]
    assert logs["score/fake"].shape == (8,)


def test_a_critic_of_samples_only_never_sees_reconstructions() -> None:
    of = parts("images")
    both, samples = (build("vae_gan", of, judged=judged) for judged in ("both", "samples"))
    sizes: list[int] = []
    samples.players["critic"].register_forward_pre_hook(lambda _, args: sizes.append(len(args[0])))
    encoded: list[int] = []
    samples.players["encoder"].register_forward_pre_hook(lambda _, args: encoded.append(len(args[0])))
    take_turn(samples, "critic", batch(of.space))
    assert sizes == [16]
    assert not encoded
    terms = [take_turn(objective, "decoder", batch(of.space)) for objective in (both, samples)]
    shares = [t.loss.detach() - t.logs["adversarial/decoder"] for t in terms]
    torch.testing.assert_close(*shares)
    assert not torch.equal(terms[0].logs["adversarial/decoder"], terms[1].logs["adversarial/decoder"])
