# SPDX-License-Identifier: MIT
"""What run-suite printed, as verdicts; and the failures that README.md lists with their reasons."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

README = Path(__file__).with_name("README.md")
VERDICT = re.compile(r"(PASS|FAIL|SKIPPED|UNTESTED): (.*)")
LISTED = re.compile(r"\| `(.*)` \| `(.*)` \| (.*) \|")


@dataclass
class Report:
    """The verdicts by (applet, test), and what each applet took in seconds."""

    verdicts: dict = field(default_factory=dict)
    seconds: dict = field(default_factory=dict)
    stalled: list = field(default_factory=list)
    complete: bool = False

    def tests(self, verdict):
        return {test for test, found in self.verdicts.items() if found == verdict}

    @property
    def passed(self):
        return self.tests("PASS")

    @property
    def failed(self):
        return self.tests("FAIL")

    @property
    def run(self):
        return self.passed | self.failed

    def slowest(self, count=10):
        """The applets that took longest, with their seconds."""
        order = sorted(self.seconds.items(), key=lambda item: -item[1])
        return ", ".join(f"{applet} {seconds} s" for applet, seconds in order[:count])


def parse(text):
    report, applet, seen = Report(), "", Counter()
    for line in text.splitlines():
        word, _, rest = line.partition(": ")
        match = VERDICT.fullmatch(line)
        if word == "APPLET":
            applet = rest
        elif word == "STALLED":
            report.stalled.append(rest)
        elif word == "SECONDS":
            report.seconds[applet] = int(rest)
        elif match:
            test = (applet, match[2])
            seen[test] += 1
            if seen[test] > 1:  # two tests of one name
                test = (applet, f"{match[2]} #{seen[test]}")
            report.verdicts[test] = match[1]
        report.complete = line == "END"
    return report


def listed_failures():
    """(applet, test) -> reason, of README.md's tables."""
    matches = map(LISTED.fullmatch, README.read_text().splitlines())
    return {(match[1], match[2]): match[3] for match in matches if match}
