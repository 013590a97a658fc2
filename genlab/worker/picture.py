from genlab.models.picture import draw, draw_grid, draw_points  # noqa
