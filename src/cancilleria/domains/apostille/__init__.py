"""Apostille of public documents, electronic route (S04).

Legal basis: Hague Convention of 5 October 1961; the norm of each ministry is in its profile. Responsible: the organ the
norm names; consulates legalise, they do not apostille. An apostille certifies signature, capacity and seal, never content.
"""
