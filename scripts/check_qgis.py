#!/usr/bin/python3
"""Opens a result's GeoPackage, project and GeoJSON in QGIS itself, and draws each to a picture.

    QT_QPA_PLATFORM=offscreen /usr/bin/python3 scripts/check_qgis.py RESULT [--pictures FOLDER]

RESULT is a folder that `lastmile run` or `lastmile compare` wrote. The checks: every layer of the file opens with the style that
is in it, in WGS 84, with as many features as the table has rows, valid shapes, rules that draw every feature of an area layer
exactly once (but for the hatch at the edge of the data), aliases and labels that are off; the project opens with the same layers
by relative paths, and tells whose data it shows. What is found stands on the standard output as JSON; what is wrong on the standard error, with exit code 1.
Exit code 77 says that QGIS is not there.
"""

import argparse
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import textwrap

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
try:
    from qgis.core import (
        QgsApplication,
        QgsCoordinateReferenceSystem,
        QgsCoordinateTransform,
        QgsExpression,
        QgsExpressionContext,
        QgsExpressionContextUtils,
        QgsLayerTree,
        QgsLayoutExporter,
        QgsLayoutItemLabel,
        QgsLayoutItemLegend,
        QgsLayoutItemMap,
        QgsLayoutItemScaleBar,
        QgsLayoutPoint,
        QgsLegendStyle,
        QgsLayoutSize,
        QgsFillSymbol,
        QgsPrintLayout,
        QgsProject,
        QgsRectangle,
        QgsSingleSymbolRenderer,
        QgsUnitTypes,
        QgsVectorLayer,
        QgsWkbTypes,
    )
    from osgeo import gdal
    from qgis.PyQt.QtGui import QFont
except ImportError as missing:
    print(f"QGIS is not there: {missing}", file=sys.stderr)
    sys.exit(77)

WRONG = []


def expect(holds, what):
    if not holds and what not in WRONG:
        WRONG.append(what)


def layers_of(package):
    with sqlite3.connect(f"file:{package}?mode=ro", uri=True) as sql:
        rows = sql.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY rowid")
        return [
            (name, sql.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for (name,) in rows
        ]


def rules_of(layer):
    renderer = layer.renderer()
    if renderer.type() != "RuleRenderer":
        return []
    return [(rule.label(), rule.filterExpression(), rule.active()) for rule in renderer.rootRule().children()]


def check_layer(layer, name, rows):
    expect(layer.isValid(), f"{name}: cannot be opened")
    if not layer.isValid():
        return {}
    expect(layer.crs().authid() == "EPSG:4326", f"{name}: {layer.crs().authid()}")
    expect(layer.featureCount() == rows, f"{name}: {layer.featureCount()} features of {rows}")
    renderer = layer.renderer().type()
    expect(renderer == "RuleRenderer", f"{name}: is drawn as {renderer}: its style was not taken")
    expect(not layer.labelsEnabled(), f"{name}: has its labels on")
    aliases = sum(1 for field in layer.fields() if layer.attributeAlias(layer.fields().indexOf(field.name())))
    expect(aliases >= len(layer.fields()) - 1, f"{name}: {aliases} aliases for {len(layer.fields())} columns")
    check_rights(layer, name)
    invalid, empty = 0, 0
    for feature in layer.getFeatures():
        if feature.geometry().isNull():
            empty += 1
        elif not feature.geometry().isGeosValid():
            invalid += 1
    expect(invalid == 0, f"{name}: {invalid} invalid shapes")
    drawn = check_rules(layer, name)
    return {
        "features": layer.featureCount(),
        "type": QgsWkbTypes.displayString(layer.wkbType()),
        "without_shape": empty,
        "invalid": invalid,
        "renderer": renderer,
        "classes": drawn,
    }


def check_rights(layer, name):
    """Whose data it is stands in the layer's own metadata, where QGIS and its layouts show it."""
    rights = layer.metadata().rights()
    expect(any("OpenStreetMap contributors" in line for line in rights), f"{name}: rights are {rights}")


def check_rules(layer, name):
    """How many features each rule draws; those of an area layer have to divide it."""
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    rules = []
    for label, text, _ in rules_of(layer):
        expression = QgsExpression(text or "true")
        expect(not expression.hasParserError(), f"{name}: {label}: {expression.parserErrorString()}")
        expression.prepare(context)
        rules.append((label, expression))
    counts = {label: 0 for label, _ in rules}
    for feature in layer.getFeatures():
        context.setFeature(feature)
        times = 0
        for label, expression in rules:
            drawn = bool(expression.evaluate(context))
            expect(not expression.hasEvalError(), f"{name}: {label}: {expression.evalErrorString()}")
            counts[label] += drawn
            times += drawn and not label.startswith("edge of the data")
        if layer.geometryType() == QgsWkbTypes.PolygonGeometry:
            expect(times == 1, f"{name}: feature {feature.id()} is drawn {times} times")
    return counts


def extent_of(layers, crs):
    whole = QgsRectangle()
    for layer in layers:
        there = QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance())
        whole.combineExtentWith(there.transformBoundingBox(layer.extent()))
    whole.scale(1.08)
    return whole


def draw(layers, view, crs, title, path, below=()):
    """A sheet as a planner would make it: map, title, legend, scale."""
    project = QgsProject.instance()
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    sheet = layout.pageCollection().page(0).pageSize()
    mm = QgsUnitTypes.LayoutMillimeters
    chart = QgsLayoutItemMap(layout)
    chart.setFrameEnabled(True)
    # A map without a size and an extent cannot be zoomed.
    chart.setRect(0, 0, 100, 100)
    chart.setExtent(view)
    layout.addLayoutItem(chart)
    chart.attemptMove(QgsLayoutPoint(8, 18, mm))
    chart.attemptResize(QgsLayoutSize(sheet.width() - 86, sheet.height() - 28, mm))
    chart.setCrs(crs)
    chart.setLayers([*layers, *below])
    chart.setKeepLayerSet(True)
    chart.zoomToExtent(view)
    label = QgsLayoutItemLabel(layout)
    label.setText(title)
    label.setFont(QFont("Open Sans", 14))
    layout.addLayoutItem(label)
    label.attemptMove(QgsLayoutPoint(8, 7, mm))
    label.attemptResize(QgsLayoutSize(sheet.width() - 16, 9, mm))
    legend = QgsLayoutItemLegend(layout)
    legend.setAutoUpdateModel(False)
    tree = QgsLayerTree()
    for layer in layers:
        tree.addLayer(layer)
    legend.model().setRootGroup(tree)
    legend.setLinkedMap(chart)
    for part, points in ((QgsLegendStyle.Subgroup, 9), (QgsLegendStyle.SymbolLabel, 8)):
        style = legend.style(part)
        style.setFont(QFont("Open Sans", points))
        legend.setStyle(part, style)
    legend.setWrapString("|")
    for layer in tree.findLayers():
        layer.setCustomProperty("legend/title-label", "|".join(textwrap.wrap(layer.layer().name(), 36)))
    layout.addLayoutItem(legend)
    legend.attemptMove(QgsLayoutPoint(sheet.width() - 76, 18, mm))
    scale = QgsLayoutItemScaleBar(layout)
    scale.setStyle("Single Box")
    scale.setLinkedMap(chart)
    scale.applyDefaultSize(QgsUnitTypes.DistanceKilometers)
    layout.addLayoutItem(scale)
    scale.attemptMove(QgsLayoutPoint(12, sheet.height() - 24, mm))
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = 110
    settings.generateWorldFile = False
    settings.exportMetadata = False
    done = QgsLayoutExporter(layout).exportToImage(path, settings)
    expect(done == QgsLayoutExporter.Success, f"{path}: cannot be drawn")


def check_project(folder, package, found, pictures):
    """In a folder of another name: only relative paths lead to the layers there."""
    with tempfile.TemporaryDirectory() as elsewhere:
        for name in ("lastmile.qgz", "lastmile.gpkg"):
            shutil.copy(os.path.join(folder, name), elsewhere)
        project = QgsProject.instance()
        expect(project.read(os.path.join(elsewhere, "lastmile.qgz")), "lastmile.qgz: cannot be opened")
        layers = project.mapLayers()
        expect(len(layers) == len(package), f"lastmile.qgz: {len(layers)} layers of {len(package)}")
        root = project.layerTreeRoot()
        shown, order = [], root.layerOrder()
        for layer in order:
            expect(layer.isValid(), f"lastmile.qgz: {layer.name()} does not open")
            expect(layer.source().startswith(elsewhere), f"lastmile.qgz: {layer.source()} is not beside it")
            expect(layer.renderer().type() == "RuleRenderer", f"lastmile.qgz: {layer.name()} has lost its style")
            check_rights(layer, f"lastmile.qgz: {layer.name()}")
            if root.findLayer(layer.id()).isVisible():
                shown.append(layer)
        expect(shown, "lastmile.qgz: shows nothing at once")
        expect("OpenStreetMap contributors" in project.metadata().abstract(), "lastmile.qgz: says not whose data")
        label, _ = project.readEntry("CopyrightLabel", "/Label")
        expect("OpenStreetMap contributors" in label, f"lastmile.qgz: the label on the map is {label!r}")
        view = project.viewSettings().fullExtent()
        found["project"] = {
            "title": project.title(),
            "crs": project.crs().authid(),
            "layers": [layer.name() for layer in order],
            "shown": [layer.name() for layer in shown],
        }
        expect(project.crs().authid() == "EPSG:3857", f"lastmile.qgz: {project.crs().authid()}")
        if pictures:
            areas = [layer for layer in shown if layer.geometryType() == QgsWkbTypes.PolygonGeometry]
            view = extent_of(areas or shown, project.crs())
            draw(shown, view, project.crs(), project.title(), os.path.join(pictures, "project.png"))
        project.clear()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--pictures")
    asked = parser.parse_args()
    folder = os.path.abspath(asked.folder)
    pictures = asked.pictures and os.path.abspath(asked.pictures)
    if pictures:
        os.makedirs(pictures, exist_ok=True)
    application = QgsApplication([], False)
    application.initQgis()
    # It says that a picture cannot be georeferenced.
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    package = os.path.join(folder, "lastmile.gpkg")
    plane = QgsCoordinateReferenceSystem("EPSG:3857")
    found = {"layers": {}}
    with tempfile.TemporaryDirectory() as beside:
        # QGIS opens a GeoPackage for writing and leaves its journal beside it.
        copy = shutil.copy(package, beside)
        known = layers_of(copy)
        opened = {}
        for name, rows in known:
            layer = QgsVectorLayer(f"{copy}|layername={name}", name, "ogr")
            found["layers"][name] = check_layer(layer, name, rows)
            opened[name] = layer
        expect(any(name == "neighbourhoods" for name, _ in known), "there are no neighbourhoods")
        if pictures:
            view = extent_of([opened["neighbourhoods"]], plane)
            outline = QgsVectorLayer(f"{copy}|layername=neighbourhoods", "outlines", "ogr")
            plain = {"color": "250,250,248,255", "outline_color": "190,190,190,255", "outline_width": "0.2"}
            outline.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(plain)))
            QgsProject.instance().addMapLayer(outline, False)
            for name, layer in opened.items():
                QgsProject.instance().addMapLayer(layer, False)
                draw([layer], view, plane, name, os.path.join(pictures, f"{name}.png"), [outline])
            QgsProject.instance().clear()
    check_project(folder, known, found, pictures)
    for root, _, files in os.walk(folder):
        for name in (name for name in files if name.endswith(".geojson")):
            path = os.path.join(root, name)
            layer = QgsVectorLayer(path, name, "ogr")
            expect(layer.isValid(), f"{name}: cannot be opened")
            if os.path.exists(path[: -len("geojson")] + "qml"):
                expect(layer.renderer().type() == "RuleRenderer", f"{name}: its .qml was not taken")
                found["layers"][os.path.relpath(path, folder)] = check_rules(layer, name)
    json.dump(found, sys.stdout, indent=1, ensure_ascii=False)
    print()
    for what in WRONG:
        print(what, file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    # QGIS may crash when Python takes it down.
    os._exit(1 if WRONG else 0)


main()
