"""Flow matching: noise is carried to data along a learned velocity; neither encoder nor critic."""

from genlab.families.base import Concept, FamilySpec, Play, Reading, Term


def error(row):
    """The newest mean error of the velocity."""
    value = row.get("velocity/error")
    return None if value is None else Reading(f"{value:.3g}", "mean squared error of the velocity", "velocity/error")


def settings(scenario, scale):
    """The model in the Playground: its network as wide and deep as the others'."""
    model = {"name": "flow_matching", "width": scenario.width, "layers": scenario.layers}
    return {"model": model, "optimiser": {"lr": max(scenario.generator_lr, 1e-12), "beta1": 0.9, "beta2": 0.999}}


SPEC = FamilySpec(
    title="Flow matching",
    summary="Noise carried to data along a learned velocity; neither encoder nor critic",
    order=10,
    colour="#AA4499",
    colour_dark="#DB7FCB",
    ink="#8F2F80",
    glyph="★",
    symbol="star",
    dash="longdash",
    concept=Concept(
        question="Learn which way every point between noise and an item has to go.",
        intro="Between a draw of noise and an item lies a straight line. A network learns the mean direction at every "
        "place and time; samples follow it from noise, in small steps.",
        terms=(Term(0, "Velocity", "What is learned: where to go from here, now.", error),),
    ),
    play=Play(settings, knobs=("generator_lr",)),
)
