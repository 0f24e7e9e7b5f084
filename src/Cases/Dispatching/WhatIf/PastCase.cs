// A case of a period as far as dispatching goes: the assignment under which it was handled first, or the last one of a case that is not handled yet.
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;

namespace Lizhou.Cases.Dispatching.WhatIf;

/// <param name="Place">It was reported from; rows of the table go by it.</param>
/// <param name="Node">That owned it when it was dispatched; the duty list goes by it.</param>
/// <param name="Said">What the table in force said then; null: nothing.</param>
/// <param name="DoneAt">The unit reported it handled; null: not yet, or it gave it back.</param>
/// <param name="Limit">Of the handling; null for one of a log, where no clock ran.</param>
/// <param name="Breached">The handling was past its limit; null for one of a log.</param>
internal sealed record PastCase(
    string Number, string? Class, Grade Grade, string Place, string Node, DateTimeOffset ReportedAt, DateTimeOffset? ClosedAt, Guid Lead, IReadOnlyList<Guid> Assists, Proposal? Said, DateTimeOffset SentAt,
    DateTimeOffset? DoneAt, TimeLimit? Limit, IReadOnlyList<ClockPause> Pauses, TimeSpan Extra, bool? Breached, TimeSpan Office = default);
