#!/usr/bin/env bash
# geotiff-reader 0.10.0 (crates.io): tiles that a sparse GeoTIFF leaves out are heights of 0.0.
#
# Seen: rasterio 1.4.3 (PyPI) writes heights with SPARSE_OK, which leaves out tiles that hold nothing but the
# nodata value -9999; GDAL reads -9999 there. geotiff-reader gives 0.0 for the same cells, while it tells
# -9999 as the file's nodata. Each hole of an elevation model becomes a plain at sea level, with a cliff
# around it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasterio==1.4.3 numpy==2.2.6
venv/bin/python - <<'PY'
import numpy as np
import rasterio
from rasterio.transform import from_origin

heights = np.full((512, 512), 100, dtype="float32")
heights[:256, :256] = -9999
with rasterio.open("dem.tif", "w", driver="GTiff", height=512, width=512, count=1, dtype="float32",
                   crs="EPSG:4326", transform=from_origin(-3, 52, 0.001, 0.001), nodata=-9999,
                   tiled=True, blockxsize=256, blockysize=256, SPARSE_OK=True) as file:
    file.write(heights[:, 256:], 1, window=((0, 512), (256, 512)))
    file.write(heights[256:, :256], 1, window=((256, 512), (0, 256)))
with rasterio.open("dem.tif") as file:
    print("GDAL", rasterio.__gdal_version__, "reads", float(file.read(1)[10, 10]), "in the tile that is left out")
PY
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"
[dependencies]
geotiff-reader = "=0.10.0"
TOML
cat > src/main.rs <<'RUST'
fn main() {
    let file = geotiff_reader::GeoTiffFile::open("dem.tif").expect("a GeoTIFF");
    let heights = file.read_raster::<f32>().expect("its cells");
    println!("geotiff-reader 0.10.0 reads {:?}; nodata is {:?}", heights.iter().nth(10 * 512 + 10), file.nodata());
}
RUST
cargo run --quiet 2>err || { grep -E '^error' -A6 err | head -40; echo "does not build"; exit 1; }
cargo run --quiet 2>/dev/null | grep -q 'Some(0.0)' || { echo "the behaviour has changed"; exit 1; }
