"""Seeded chance (splitmix64), the same with every version of Python."""

MASK = (1 << 64) - 1


class Dice:
    """A stream of draws from a seed and a name, so that one part's draws never move another's."""

    def __init__(self, seed, name):
        self.state = seed
        for byte in name.encode():
            self.state = (self.state * 1_099_511_628_211 ^ byte) & MASK

    def draw(self):
        """A whole number below 2^64."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
        return z ^ (z >> 31)

    def share(self):
        """From 0 to below 1."""
        return (self.draw() >> 11) / (1 << 53)

    def between(self, low, high):
        """A whole number from low to high, both included."""
        return low + self.draw() % (high - low + 1)

    def pick(self, items):
        """One of them."""
        return items[self.draw() % len(items)]

    def shuffled(self, items):
        """All of them in another order."""
        items = list(items)
        for last in range(len(items) - 1, 0, -1):
            other = self.between(0, last)
            items[last], items[other] = items[other], items[last]
        return items
