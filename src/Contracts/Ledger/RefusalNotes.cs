using Lizhou.Kernel;

namespace Lizhou.Contracts.Ledger;

/// <summary>Keeps evidence of refusals that cost their actor nothing to cause, so that whoever knocks in a loop writes no more than whoever knocks twice.</summary>
public interface IRefusalNotes
{
    /// <summary>The first refusal of an actor at a door is on disk when this returns. Further ones within the minute are counted, and written as one entry with how many they were
    /// (<c>times</c>) and what they were about (<c>subjects</c>, at most 20). Throws when the first could not be written.</summary>
    /// <param name="door">Where they were turned away, in words of the program, not of the caller. An actor has 100 doors at once; beyond it all of one act and result are one.</param>
    /// <param name="refused">Without the data it refused; its detail is kept as <c>asked</c>.</param>
    Task Note(Actor actor, string door, Evidence refused);
}
