"""Documents of one block in order of publication, each written with its plants taken from those before it."""

from __future__ import annotations

from dataclasses import replace

from planted_parts.dice import Dice
from planted_parts.edits import adopt_names, edit_sentences, edit_text, fill_names
from planted_parts.grammar import write_sentence
from planted_parts.model import Agency, Document, Piece, Place
from planted_parts.places import YEARS, date_report, list_agencies
from planted_parts.plan import LONGEST, NEAR_EDITS, PASSAGE_EDITS, SHORTEST, VIRAL_AGENCIES, Key, Orders, plan_block
from planted_parts.sources import STOPS, cut_stretch
from planted_parts.tables import print_tables
from planted_parts.wordings import cut_reference, load_frame, write_formula, write_preamble

NARRATIVE_CHARS = 3000
TRIES = 6
"""How many earlier documents are looked at for a stretch that is free."""


class Block:
    """Writes the documents of one made-up province; holds these alone.

    ``plants`` and ``tables`` as for ``planted_parts.stream.write_documents``.
    """

    def __init__(self, seed: str, number: int, n_agencies: int, *, plants: bool, tables: bool) -> None:
        self.seed, self.number, self.tables = seed, number, tables
        self.agencies = list_agencies(seed, number, n_agencies)
        self.orders, self.groups = plan_block(seed, number, self.agencies, plants=plants)
        self.written: dict[Key, Document] = {}
        self.in_order: list[Document] = []
        self.carriers: dict[int, list[tuple[Document, Place]]] = {group: [] for group in self.groups}

    def write(self) -> list[Document]:
        """All documents in order of publication."""
        for published, year, series, number in sorted(
            (date_report(self.seed, agency.series, year), year, agency.series, number)
            for number, agency in enumerate(self.agencies)
            for year in YEARS
        ):
            dice = Dice(f"{self.seed}.document.{series}.{year}")
            order = self.orders[number, year]
            agency = self.agencies[number]
            body = self._write_near(dice, order, number, year, published) if order.near else []
            body = body or self._write_body(dice, order, number, year, published)
            document = _join(f"d{series}-{year}", agency, year, published, [*write_preamble(dice, agency, year), *body])
            self.written[number, year] = document
            self.in_order.append(document)
            self._note_carrier(dice, document, order)
        self._name_groups()
        return self.in_order

    def _write_body(self, dice: Dice, order: Orders, number: int, year: int, published: str) -> list[Piece]:
        agency = self.agencies[number]
        before = self.written.get((number, year - 1))
        plants = self._copy_groups(dice, order, agency, published)
        plants += [self._copy_peer(dice, agency, published) for _ in range(order.n_peer)]
        plants += [self._copy_self(dice, before) for _ in range(order.n_self)]
        kept = [[piece] for piece in plants if piece]
        held = self._list_held(number, year)
        kept += [[self._place_formula(dice, agency, held, formula)] for formula in order.formulae]
        for _ in range(order.n_statute):
            lead = Piece(dice.pick(load_frame()["statute_lead"]), "original", "own")
            text = fill_names(dice, cut_reference(dice, self.seed, "mandated", 40, 200), agency)
            kept.append([lead, Piece(text, "mandated", "statute")])
        kept += [[self._copy_model(dice, agency)] for _ in range(order.n_model)]
        room = NARRATIVE_CHARS - sum(len(piece.text) for pieces in kept for piece in pieces) - 500
        items: list[list[Piece]] = []
        while room > 0:
            text = fill_names(dice, write_sentence(dice, year), agency)
            items.append([Piece(text, "original")])
            room -= len(text)
        for pieces in kept:
            items.insert(dice.below(len(items) + 1), pieces)
        return _lay_out(dice, items, tables=self.tables)

    def _copy_groups(self, dice: Dice, order: Orders, agency: Agency, published: str) -> list[Piece | None]:
        pieces: list[Piece | None] = []
        for group in order.groups:
            carriers = [one for one in self.carriers[group] if one[0].published < published]
            if carriers:
                document, place = carriers[0] if dice.chance(0.5) else dice.pick(carriers)
                kind = self.groups[group]
                rate = dice.within(0, PASSAGE_EDITS / 2 if kind == "viral" else PASSAGE_EDITS)
                piece = _copy(dice, document, place, agency, kind, rate)
                pieces.append(replace(piece, first=carriers[0][1], wording=f"group.{group}"))
        return pieces

    def _note_carrier(self, dice: Dice, document: Document, order: Orders) -> None:
        for group in order.groups:
            held = [(start, piece) for start, piece in document.pieces if piece.wording == f"group.{group}"]
            if held:
                start, piece = held[0]
                self.carriers[group].append((document, Place(document.doc_id, start, start + len(piece.text))))
            elif not self.carriers[group]:
                place = cut_stretch(dice, document, SHORTEST, LONGEST)
                if place:
                    self.carriers[group].append((document, place))

    def _name_groups(self) -> None:
        """Groups that ended with too few carriers are named by what they are."""
        for group, carriers in self.carriers.items():
            regions = {document.agency.region for document, _ in carriers}
            kind = "regional" if len(regions) == 1 else "viral" if len(carriers) >= VIRAL_AGENCIES[0] - 1 else "peer"
            for document, _ in carriers[1:]:
                document.pieces = [
                    (start, replace(piece, stratum=kind, kind=kind) if piece.wording == f"group.{group}" else piece)
                    for start, piece in document.pieces
                ]

    def _copy_peer(self, dice: Dice, agency: Agency, published: str) -> Piece | None:
        for _ in range(TRIES if self.in_order else 0):
            source = dice.pick(self.in_order)
            if source.agency.region == agency.region or source.published >= published:
                continue
            place = cut_stretch(dice, source, SHORTEST, LONGEST)
            if place:
                return _copy(dice, source, place, agency, "peer", dice.within(0, PASSAGE_EDITS))
        return None

    def _copy_self(self, dice: Dice, before: Document | None) -> Piece | None:
        if not before:
            return None
        again = [(start, piece) for start, piece in before.pieces if piece.kind == "self"]
        rate = dice.within(0, PASSAGE_EDITS)
        if again and dice.chance(0.5):
            start, piece = dice.pick(again)
            place = Place(before.doc_id, start, start + len(piece.text))
            if (start, place.end) not in before.taken:
                before.taken.append((start, place.end))
                copied = _copy(dice, before, place, before.agency, "self", rate)
                return replace(copied, first=piece.first, wording=piece.wording)
        free = cut_stretch(dice, before, SHORTEST, LONGEST)
        if not free:
            return None
        copied = _copy(dice, before, free, before.agency, "self", rate)
        return replace(copied, wording=f"self.{before.doc_id}.{free.start}")

    def _copy_model(self, dice: Dice, agency: Agency) -> Piece:
        text = fill_names(dice, cut_reference(dice, self.seed, "model_text", SHORTEST, 300), agency)
        text, edits = edit_text(dice, text, dice.within(0, PASSAGE_EDITS) if dice.chance(0.5) else 0.0)
        return Piece(text, "model_text", "model_text", edits=edits)

    def _list_held(self, number: int, year: int) -> frozenset[str]:
        """The formulae of an agency's earlier reports: these are its own from then on."""
        earlier = [self.written[number, one].formulae for one in YEARS if one < year]
        return frozenset().union(*earlier)

    def _place_formula(self, dice: Dice, agency: Agency, held: frozenset[str], formula: int) -> Piece:
        name = f"formula.{formula}"
        text = fill_names(dice, write_formula(self.seed, formula), agency)
        return Piece(text, "self" if name in held else "formula", "formula", wording=name)

    def _write_near(self, dice: Dice, order: Orders, number: int, year: int, published: str) -> list[Piece]:
        """The body of a near-copy; nothing where no document is free to be its source."""
        agency = self.agencies[number]
        before = self.written.get((number, year - 1))
        if order.near == "self":
            free = [before] if before and before.is_plain else []
        else:
            free = [one for one in self.in_order if one.is_plain and one.agency != agency and one.published < published]
        if not free:
            return []
        source = dice.pick(free)
        near_self = source is before
        kind = "near_self" if near_self else "near"
        same_region = source.agency.region == agency.region
        stratum = "self" if near_self else "regional" if same_region else "peer"
        rate = dice.within(*NEAR_EDITS)
        body: list[Piece] = []
        sentences: list[tuple[int, Piece]] = []

        def flush() -> None:
            edited = edit_sentences(dice, [piece.text for _, piece in sentences], rate, year)
            for text, copied, edits, place in edited:
                if copied:
                    start, piece = sentences[place]
                    origin = Place(source.doc_id, start, start + len(piece.text))
                    adopted = adopt_names(dice, text, source.agency, agency)
                    body.append(Piece(adopted, stratum, kind, origin, origin, edits))
                else:
                    body.append(Piece(fill_names(dice, text, agency), "original"))
            sentences.clear()
            if edited and not body[-1].text.endswith("\n"):  # a heading keeps its own line
                body.append(Piece("\n", "original", "own"))

        for start, piece in source.pieces:
            if piece.kind == "":
                sentences.append((start, piece))
                continue
            flush()
            if piece.kind == "formula":
                again = piece.wording in self._list_held(number, year)
                text = adopt_names(dice, piece.text, source.agency, agency)
                origin = Place(source.doc_id, start, start + len(piece.text))
                stratum_here = "self" if again else "formula"
                body.append(replace(piece, text=text, stratum=stratum_here, source=origin, first=None))
            elif piece.kind == "heading":
                body.append(piece)
        flush()
        source.taken.append((0, len(source.text)))
        return body


def _copy(dice: Dice, source: Document, place: Place, agency: Agency, kind: str, rate: float) -> Piece:
    """The stretch in the copyist's hands: names adopted, an own year moved on, edited."""
    text = adopt_names(dice, source.text[place.start : place.end], source.agency, agency)
    if source.agency == agency:
        text = text.replace(f"{source.year}年", f"{source.year + 1}年")
    text, edits = edit_text(dice, text, rate)
    return Piece(text, kind, kind, place, place, edits)


def _lay_out(dice: Dice, items: list[list[Piece]], *, tables: bool) -> list[Piece]:
    """Headings of the form over shares of the items, paragraphs of three to eight."""
    frame = load_frame()
    headings = [[frame["overview"], frame["heads"][0]], *([head] for head in frame["heads"][1:])]
    headings += [[*(frame["tables"] if tables else []), frame["problems"]], [frame["other"]]]
    cuts = sorted(dice.between(0, len(items)) for _ in headings[1:])
    body: list[Piece] = []
    printed = print_tables(dice) if tables else []
    for names, first, last in zip(headings, [0, *cuts], [*cuts, len(items)], strict=True):
        for name in names:
            body.append(Piece(name + "\n", "mandated", "heading"))
            if name in frame["tables"]:
                body.append(Piece(printed[frame["tables"].index(name)], "table", "table"))
        left = dice.between(3, 8)
        for number in range(first, last):
            body += items[number]
            left -= 1
            ends = left == 0 or number + 1 == last
            if ends:
                left = dice.between(3, 8)
            if items[number][-1].kind and (ends or items[number][-1].text[-1] not in STOPS):
                body.append(Piece("\n" if ends else "。", "original", "own"))
            elif ends:
                body[-1] = replace(body[-1], text=body[-1].text + "\n")
    return body


def _join(doc_id: str, agency: Agency, year: int, published: str, pieces: list[Piece]) -> Document:
    placed: list[tuple[int, Piece]] = []
    at = 0
    for piece in pieces:
        placed.append((at, piece))
        at += len(piece.text)
    return Document(doc_id, agency, year, published, "".join(piece.text for piece in pieces), placed)
