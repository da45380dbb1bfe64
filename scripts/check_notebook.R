#!/usr/bin/env Rscript
# Runs the R of docs/notebooks.md, as it stands there, on fixtures/town.
#
#     Rscript scripts/check_notebook.R LASTMILE FOLDER
#
# LASTMILE is the binary; FOLDER takes what is written. The exit code is 77 where a package is not there.

arguments <- commandArgs(trailingOnly = TRUE)
binary <- normalizePath(arguments[1])
folder <- arguments[2]
for (name in c("data.table", "sf", "ggplot2")) {
  if (!requireNamespace(name, quietly = TRUE)) {
    message("SKIPPED: no ", name, " in this R")
    quit(status = 77)
  }
}
own <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
repository <- dirname(dirname(normalizePath(own)))
lines <- readLines(file.path(repository, "docs", "notebooks.md"), encoding = "UTF-8")
dir.create(folder, showWarnings = FALSE, recursive = TRUE)
setwd(folder)
if (!file.exists("fixtures")) invisible(file.symlink(file.path(repository, "fixtures"), "fixtures"))
Sys.setenv(PATH = paste(dirname(binary), Sys.getenv("PATH"), sep = .Platform$path.sep))

# The cells in their order, those marked with nothing but `r`.
begins <- which(lines == "```r")
ends <- vapply(begins, function(at) at + which(lines[-seq_len(at)] == "```")[1], numeric(1))
if (length(begins) < 4) stop("docs/notebooks.md has no R")
# One after the other in one world, as a notebook runs them.
world <- new.env(parent = globalenv())
for (n in seq_along(begins)) {
  cell <- lines[(begins[n] + 1):(ends[n] - 1)]
  invisible(eval(parse(text = cell, encoding = "UTF-8"), envir = world))
}

# What the package `accessibility` asks of its two tables: data frames with these columns, of these types.
times <- get("times", world)
land_use <- get("land_use", world)
stopifnot(
  is.data.frame(times), is.data.frame(land_use),
  is.character(times$from_id), is.character(times$to_id), is.numeric(times$travel_time_s_p50), !anyNA(times$travel_time_s_p50),
  is.character(land_use$id), !anyDuplicated(land_use$id), is.numeric(land_use$jobs), !anyNA(land_use$jobs),
  all(times$from_id %in% land_use$id), all(times$to_id %in% land_use$id)
)
stopifnot(file.size("map.png") > 0)
both <- get("both", world)
cat(length(begins), "cells ran;", nrow(times), "travel times;", nrow(both), "neighbourhoods with the jobs of the run\n")
