# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes of a cluster of CTDB's under one name."""

from lab import Lab, check
from lab.cluster import Cluster

PUBLIC = '10.67.0.100'


def at(cluster, address=PUBLIC):
    """The nodes whose interface has an address."""
    return [node for node in cluster.nodes if node.has(address)]


@check.seconds(200)
def test_lab():
    """CTDB works in the lab: one node has the public address, and another one
    as soon as that is disabled."""
    with Lab() as lab:
        cluster = Cluster(lab, 2)
        cluster.start()
        first = cluster.wait_for(lambda: at(cluster), 20,
                                 'a node has the public address')
        check.equal(len(first), 1, 'nodes that have it')
        first[0].ctdb('disable')
        cluster.wait_for(lambda: at(cluster) not in ([], first), 20,
                         'another node has it')
