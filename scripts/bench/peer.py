"""A plain reader of the same files, for comparison: what a person writes in an afternoon.

One process reads every JSON header of a data tree whole (json.load), takes ten values of each, and writes one CSV.
No DICOM file is read, nothing is paired, checked or kept beside.

    python3 scripts/bench/peer.py DATA OUT.csv

Prints, as a line of JSON, how many images it read, its CPU seconds and its greatest resident set.
"""

import csv
import json
import os
import resource
import sys

TAGS = (
    "00080018",  # SOPInstanceUID
    "0020000D",  # StudyInstanceUID
    "0020000E",  # SeriesInstanceUID
    "00080020",  # StudyDate
    "00080070",  # Manufacturer
    "00080068",  # PresentationIntentType
    "00200062",  # ImageLaterality
    "00185101",  # ViewPosition
    "00280010",  # Rows
    "00280011",  # Columns
)


def headers(data):
    """Client and path of every JSON header: the files of a client's study folders."""
    for client in sorted(os.listdir(data)):
        folder = os.path.join(data, client)
        for study in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if not study.is_dir():
                continue
            for image in sorted(os.listdir(study.path)):
                yield client, os.path.join(study.path, image)


def first_value(header, tag):
    values = header.get(tag, {}).get("Value")
    return values[0] if values else ""


def main(data, out):
    images = 0
    with open(out, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("client", *TAGS))
        for client, path in headers(data):
            with open(path, encoding="utf-8") as source:
                header = json.load(source)
            writer.writerow((client, *(first_value(header, tag) for tag in TAGS)))
            images += 1
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "images": images,
                "cpuSeconds": usage.ru_utime + usage.ru_stime,
                "peakBytes": usage.ru_maxrss * 1024,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
