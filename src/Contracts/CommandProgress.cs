// How a waiting command shows how far its work is: a bar on a terminal, a line now and then elsewhere, nothing for machines. Goes to standard error where a bar cannot stand.
using System.Diagnostics;
using Spectre.Console;

namespace Lizhou.Contracts;

public static class CommandProgress
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Runs <paramref name="work"/>, which tells how much is done, of how much, and a word for it.</summary>
    public static Task<T> Run<T>(bool json, string title, Func<Action<long, long, string>, Task<T>> work)
    {
        if (json)
        {
            return work((_, _, _) => { });
        }

        return Console.IsOutputRedirected ? work(Lines(title)) : Bar(title, work);
    }

    private static Task<T> Bar<T>(string title, Func<Action<long, long, string>, Task<T>> work) =>
        AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(context =>
        {
            var task = context.AddTask(Markup.Escape(title));
            return work((done, total, word) =>
            {
                (task.MaxValue, task.Value) = (Math.Max(1, total), done);
                task.Description = Markup.Escape($"{title} {word}");
            });
        });

    private static Action<long, long, string> Lines(string title)
    {
        var last = Stopwatch.StartNew();
        return (done, total, word) =>
        {
            if (last.Elapsed >= Pause)
            {
                Console.Error.WriteLine($"{title} {done:N0}/{total:N0} {word}");
                last.Restart();
            }
        };
    }
}
