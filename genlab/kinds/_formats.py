"""Which picture formats are read, by which of Pillow's decoders, and the names of those that are not."""

from __future__ import annotations

from pathlib import PurePosixPath

PLAIN = (
    *("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM", "JPEG2000", "AVIF", "QOI", "PSD", "ICNS", "DDS", "SUN"),
    *("FITS", "XPM", "BLP", "FTEX"),
)
"""Told apart by their first bytes, decoded by nothing but Pillow and the libraries in its wheel."""

BY_ENDING = {
    **dict.fromkeys((".tga", ".icb", ".vda", ".vst"), "TGA"),
    **dict.fromkeys((".sgi", ".rgb", ".rgba", ".bw"), "SGI"),
    **{".dib": "DIB", ".pcx": "PCX", ".dcx": "DCX", ".ico": "ICO", ".cur": "CUR", ".msp": "MSP"},
    **{".pcd": "PCD", ".pxr": "PIXAR", ".gbr": "GBR", ".spi": "SPIDER", ".xbm": "XBM"},
}
"""Formats whose first bytes say too little, so that any file might pass for one: read only under their own endings.

Left out on purpose: EPS and WMF (handed to Ghostscript or to Windows to be drawn), BUFR, GRIB, HDF5 and MPEG (Pillow
has no decoder), IPTC (opens whatever is inside, in any format), FLI (films), MCIDAS, IMT and XV thumbnails (neither an
ending nor a signature of their own), IM (on its way out of Pillow)."""

READ = "PNG, JPEG, GIF, BMP, WebP, TIFF, PGM/PPM, AVIF, JPEG 2000, TGA and other still formats"
"""What is read, in the words of a sentence."""

SUFFIXES = {
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".psd"),
    *(".ppm", ".pgm", ".pbm", ".pnm", ".pam", ".pfm", ".jp2", ".j2k", ".j2c", ".jpc", ".jpf", ".jpx", ".avif"),
    *(".avifs", ".qoi", ".icns", ".dds", ".ras", ".sun", ".fits", ".fit", ".fts", ".xpm", ".blp", ".ftc", ".ftu"),
    *BY_ENDING,
}
"""Endings of the formats that are read."""

RAW = {".raw", ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".srf", ".dng", ".orf", ".rw2", ".raf", ".pef", ".srw"}
"""Endings of cameras' own formats; most are TIFF outside, with a thumbnail that would be taken for the picture."""

UNREAD_ENDINGS = {
    **dict.fromkeys((".heic", ".heif", ".hif"), "HEIC"),
    **dict.fromkeys((".eps", ".ps", ".ai"), "PostScript"),
    **dict.fromkeys((".wmf", ".emf"), "a Windows metafile"),
    **dict.fromkeys((".dcm", ".dicom"), "DICOM"),
    **dict.fromkeys((".nii",), "NIfTI"),
    **{".svg": "SVG", ".svgz": "SVG", ".jxl": "JPEG XL", ".exr": "OpenEXR", ".hdr": "Radiance HDR"},
    **{".xcf": "GIMP's own format", ".kra": "Krita's own format", ".psb": "a large Photoshop document"},
    **{".flc": "a FLIC film", ".fli": "a FLIC film"},
}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
SIGNATURES = (
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\0\0\0\x0cJXL ", "JPEG XL"),
    (0, b"%!PS", "PostScript"),
    (0, b"\xc5\xd0\xd3\xc6", "PostScript"),
    (0, b"\xd7\xcd\xc6\x9a", "a Windows metafile"),
    (40, b" EMF", "a Windows metafile"),
    (0, b"\x76\x2f\x31\x01", "OpenEXR"),
    (0, b"#?RADIANCE", "Radiance HDR"),
    (0, b"gimp xcf", "GIMP's own format"),
    (128, b"DICM", "DICOM"),
)
HEAD = 512
"""Bytes of a file that are looked at to name its format."""


def ending(name: str) -> str:
    """The ending of a file's name, in lower case."""
    return PurePosixPath(name).suffix.lower()


def formats_for(name: str) -> tuple[str, ...]:
    """The formats that a file of this name may be in."""
    own = BY_ENDING.get(ending(name))
    return PLAIN if own is None else (*PLAIN, own)


def unread(name: str, head: bytes) -> str | None:
    """Name of a picture format that is not read, by the file's first bytes or its ending; None for any other file."""
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return "HEIC"
    for at, signature, called in SIGNATURES:
        if head[at : at + len(signature)] == signature:
            return called
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"<?xml", b"<svg", b"<!DOCTYPE svg")) and b"<svg" in head:
        return "SVG"
    if ending(name) in RAW:
        return "a camera's raw format"
    return UNREAD_ENDINGS.get(ending(name))
