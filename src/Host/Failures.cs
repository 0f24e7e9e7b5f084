// In: a request that failed or was turned away without a body. Out: problem+json for programs, a page for people; a tracking id on both and in the log.
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Lake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;

namespace Lizhou.Host;

internal static class Failures
{
    public static IApplicationBuilder UseFailures(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error",
            CreateScopeForErrors = true,
            AllowStatusCode404Response = true,
            StatusCodeSelector = Status,
            SuppressDiagnosticsCallback = _ => true,
        });
        app.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true);
        return app.Use(async (context, next) =>
        {
            if (!IsProgram(context.Request))
            {
                await next(context);
                return;
            }

            context.Features.Get<IStatusCodePagesFeature>()?.Enabled = false;
            await next(context);
            var answer = context.Response;
            if (answer.StatusCode >= 400 && !answer.HasStarted && answer.ContentLength is null && string.IsNullOrEmpty(answer.ContentType))
            {
                await Problems.Of(answer.StatusCode).ToHttp().ExecuteAsync(context);
            }
        });
    }

    /// <summary>Whether the caller reads JSON rather than pages.</summary>
    /// <param name="path">What was asked for; null: as the request says, which after a failure is the page of failures.</param>
    public static bool IsProgram(HttpRequest request, PathString? path = null) =>
        (path ?? request.Path) is var asked && (asked.StartsWithSegments("/api", StringComparison.Ordinal) || asked.StartsWithSegments("/r1", StringComparison.Ordinal) || asked.StartsWithSegments("/oauth", StringComparison.Ordinal))
        || (request.Headers.Accept.ToString() is { Length: > 0 } accept
            && accept.Contains("json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase));

    internal static int Status(Exception failure) => failure switch
    {
        ProblemException refusal => refusal.Problem.Status,
        _ when Warehouse.IsDiskFull(failure) => StatusCodes.Status507InsufficientStorage,
        BadHttpRequestException bad => bad.StatusCode,
        InvalidOperationException unread when unread.Message.StartsWith("Cannot parse the value", StringComparison.Ordinal) => StatusCodes.Status400BadRequest, // a field of a page's address; Blazor has no type of its own for it
        _ => StatusCodes.Status500InternalServerError,
    };
}

/// <summary>Logs every failure with its tracking id and answers programs; people get the page.</summary>
internal sealed class FailureAnswers(ILogger<FailureAnswers> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception failure, CancellationToken stop)
    {
        if (failure is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        var (status, path) = (Failures.Status(failure), new PathString(context.Features.Get<IExceptionHandlerPathFeature>()?.Path));
        if (status >= 500)
        {
            log.LogError(failure, "{Method} {Path} failed. Tracking id {TrackingId}", context.Request.Method, path, ProblemResponses.TrackingId);
        }

        if (!Failures.IsProgram(context.Request, path))
        {
            return false;
        }

        await ((failure as ProblemException)?.Problem ?? Problems.Of(status)).ToHttp().ExecuteAsync(context);
        return true;
    }
}
